import type { LoggedCommit } from './logged-commit.ts'
import type { Versionstamp } from './port.ts'

const COMMITS_HELD = 256
/** A commit of many keys is read from the log rather than held. */
const KEYS_HELD = 4_096

/** The newest commits, in memory: whoever follows the store closely reads nothing of its log. */
export class RecentCommits {
  /** All that came after this is held. */
  #since: Versionstamp
  #held: LoggedCommit[] = []
  #keys = 0

  constructor(since: Versionstamp) {
    this.#since = since
  }

  /** Durable ones, in their order. */
  add(commits: readonly LoggedCommit[]): void {
    for (const commit of commits) {
      this.#held.push(commit)
      this.#keys += commit.keys.length
    }
    while (this.#held.length > COMMITS_HELD || this.#keys > KEYS_HELD) this.#drop()
  }

  /** Those newer than the cursor, in commit order; undefined where some are no longer held. */
  after(cursor: Versionstamp): readonly LoggedCommit[] | undefined {
    if (cursor < this.#since) return undefined
    const first = this.#held.findLastIndex(({ version }) => version <= cursor) + 1
    return this.#held.slice(first)
  }

  #drop(): void {
    const oldest = this.#held.shift()
    if (oldest === undefined) return
    this.#keys -= oldest.keys.length
    this.#since = oldest.version
  }
}
