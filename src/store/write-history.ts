import { firstAtLeast } from '../core/index.ts'
import type { Versionstamp } from './port.ts'
import type { ReadSet } from './reads.ts'
import type { KeyBytes } from './tuple.ts'

interface Written {
  readonly version: Versionstamp
  /** Sorted. */
  readonly keys: readonly KeyBytes[]
}

/** Who wrote what since the oldest view that is still read: decides conflicts. */
export class WriteHistory {
  readonly #begin: Versionstamp
  /** In order of version. */
  readonly #commits: Written[] = []
  readonly #lastVersion = new Map<KeyBytes, Versionstamp>()

  /** @param begin Nothing is known of what was written before; by default all is */
  constructor(begin: Versionstamp = '') {
    this.#begin = begin
  }

  /** Keys whose last writer is remembered. */
  get size(): number {
    return this.#lastVersion.size
  }

  record(version: Versionstamp, keys: readonly KeyBytes[]): void {
    this.#commits.push({ version, keys })
    for (const key of keys) this.#lastVersion.set(key, version)
  }

  /** Whether anything of `reads` was written after `since`. */
  conflicts(reads: ReadSet, since: Versionstamp): boolean {
    if (since < this.#begin) return reads.keys.size + reads.spans.length > 0
    for (const key of reads.keys) {
      if ((this.#lastVersion.get(key) ?? '') > since) return true
    }
    const spans = reads.spans.filter(({ low, high }) => low < high)
    if (spans.length === 0) return false
    for (let at = this.#commits.length - 1; at >= 0; at--) {
      const written = this.#commits[at]
      if (written === undefined || written.version <= since) return false
      for (const { low, high } of spans) {
        const first = written.keys[firstAtLeast(written.keys, low)]
        if (first !== undefined && first < high) return true
      }
    }
    return false
  }

  /** Drops what was written up to `version`. */
  forget(version: Versionstamp): void {
    const kept = this.#commits.findIndex((written) => written.version > version)
    for (const written of this.#commits.splice(0, kept < 0 ? this.#commits.length : kept)) {
      for (const key of written.keys) {
        if (this.#lastVersion.get(key) === written.version) this.#lastVersion.delete(key)
      }
    }
  }
}
