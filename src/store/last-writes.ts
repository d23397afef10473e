import type { LoggedCommit } from './logged-commit.ts'
import type { Versionstamp } from './port.ts'
import type { ReadSpan } from './reads.ts'
import type { KeyBytes } from './tuple.ts'

/** Counters are written thousands of times under few keys: what is kept of a busy day is small. */
const KEYS_HELD = 32_768

/** When each key was written last, of those that were written last of all. */
export class LastWrites {
  /** Of what was written after this, all is held. */
  #since: Versionstamp
  /** The longest unwritten first. */
  readonly #versions = new Map<KeyBytes, Versionstamp>()

  constructor(since: Versionstamp) {
    this.#since = since
  }

  /** Durable ones, in their order. */
  add(commits: readonly LoggedCommit[]): void {
    for (const { version, keys } of commits) {
      for (const key of keys) {
        this.#versions.delete(key)
        this.#versions.set(key, version)
      }
    }
    for (const [key, version] of this.#versions) {
      if (this.#versions.size <= KEYS_HELD) return
      this.#versions.delete(key)
      this.#since = version
    }
  }

  /** The keys that were written after a version; undefined where that is no longer known of all. */
  within({ low, high }: ReadSpan, after: Versionstamp): readonly KeyBytes[] | undefined {
    if (after < this.#since) return undefined
    const written: KeyBytes[] = []
    for (const [key, version] of this.#versions) {
      if (version > after && key >= low && key < high) written.push(key)
    }
    return written
  }
}
