import { commitOf, commitRange } from '../change-log.ts'
import { LastWrites } from '../last-writes.ts'
import { dataKey, versionsKey } from '../layout.ts'
import type { LoggedCommit } from '../logged-commit.ts'
import { VERSIONSTAMP_ZERO, type Versionstamp } from '../port.ts'
import { RecentCommits } from '../recent-commits.ts'
import { allRows, type Rows } from '../rows.ts'
import { type StoreState, tellsSince } from '../state.ts'
import type { KeyBytes } from '../tuple.ts'
import { VersionLog } from '../versions/version-log.ts'
import { WriteHistory } from '../write-history.ts'

interface FollowedCommitsHooks {
  /** Told whenever more is known. */
  readonly moved: () => void
  /** What came before these concerns nobody any more who is to write, and nobody at all. */
  readonly oldest: () => { readonly written: Versionstamp; readonly held: StoreState }
}

/** See `Store.restOn`. */
interface Foundation {
  readonly key: KeyBytes
  readonly changed: (value: Buffer | undefined) => void
}

/** What this process knows of the commits of all processes, in their order. */
export class FollowedCommits {
  history: WriteHistory
  recent: RecentCommits
  written: LastWrites
  #state: StoreState
  #versions: VersionLog | undefined
  #versionsKey: Uint8Array | undefined
  /** One reads on at a time. */
  #reading: Promise<unknown> = Promise.resolve()
  readonly #hooks: FollowedCommitsHooks
  #foundation: Foundation | undefined
  #founded: Versionstamp = VERSIONSTAMP_ZERO

  constructor(state: StoreState, hooks: FollowedCommitsHooks) {
    this.#state = state
    this.#hooks = hooks
    this.history = new WriteHistory(state.version)
    this.recent = new RecentCommits(state.version)
    this.written = new LastWrites(state.version)
  }

  /** What the store knew of itself at the newest commit that is known here. */
  get state(): StoreState {
    return this.#state
  }

  get version(): Versionstamp {
    return this.#state.version
  }

  get versions(): VersionLog | undefined {
    return this.#versions
  }

  /** When what all rests on was changed last, as far as that is known here; see `Store.restOn`. */
  get founded(): Versionstamp {
    return this.#founded
  }

  restOn(key: KeyBytes, changed: (value: Buffer | undefined) => void): void {
    this.#foundation = { key, changed }
  }

  /** This process has committed these, which came next. */
  add(state: StoreState, commits: readonly LoggedCommit[]): void {
    this.#founded = this.#foundedBy(commits) ?? this.#founded
    this.#state = state
    this.#note(commits)
  }

  /**
   * Reads on, up to the state of these rows. Throws STORE_REPLAYED.
   *
   * @param rows As of one moment, or while nobody commits
   */
  catchUp(rows: Rows, state: StoreState): Promise<void> {
    return this.#next(() => this.#readOn(rows, state))
  }

  /** From now on it knows which copies of the records are the newest. Throws STORE_REPLAYED. */
  keep(rows: Rows, state: StoreState, key: Uint8Array): Promise<void> {
    return this.#next(async () => {
      await this.#readOn(rows, state)
      this.#versionsKey = key
      this.#versions = await VersionLog.load(rows, state, key)
      this.#state = state
    })
  }

  async #readOn(rows: Rows, state: StoreState): Promise<void> {
    if (state.version <= this.version) return
    const fellBehind = !tellsSince(state, this.version)
    const range = commitRange(this.version, state.version)
    const commits = fellBehind ? [] : (await allRows(rows.pages(range))).map(commitOf)
    await this.#followVersions(rows, state)
    const founded = fellBehind ? state.version : this.#foundedBy(commits)
    if (this.#foundation !== undefined && founded !== undefined) {
      const { key, changed } = this.#foundation
      changed(await rows.get(dataKey(key)))
      this.#founded = founded
    }
    this.#state = state
    if (fellBehind) {
      this.history = new WriteHistory(state.version)
      this.recent = new RecentCommits(state.version)
      this.written = new LastWrites(state.version)
    }
    this.#note(commits)
  }

  #foundedBy(commits: readonly LoggedCommit[]): Versionstamp | undefined {
    const key = this.#foundation?.key
    return commits.findLast(({ keys }) => key !== undefined && keys.includes(key))?.version
  }

  async #followVersions(rows: Rows, state: StoreState): Promise<void> {
    const [versions, key, stated] = [this.#versions, this.#versionsKey, state.versions]
    if (versions === undefined || key === undefined || stated === undefined) return
    const { next } = versions.state
    if (next < stated.first) {
      // What lay between is gone: the log was stated anew meanwhile.
      this.#versions = await VersionLog.load(rows, state, key)
      return
    }
    const range = { gte: versionsKey(next), lt: versionsKey(stated.next) }
    await versions.follow(state, await allRows(rows.pages(range)))
  }

  #note(commits: readonly LoggedCommit[]): void {
    for (const { version, keys } of commits) this.history.record(version, keys)
    this.recent.add(commits)
    this.written.add(commits)
    const { written, held } = this.#hooks.oldest()
    this.history.forget(written)
    this.#versions?.forget(held)
    this.#hooks.moved()
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#reading.then(work, work)
    this.#reading = next.catch(() => undefined)
    return next
  }
}
