import { diskCodeOf, HindraError } from '../../errors.ts'
import { type Commit, planBatch } from '../batch.ts'
import type { LoggedCommit } from '../logged-commit.ts'
import type { Versionstamp } from '../port.ts'
import { RecentCommits } from '../recent-commits.ts'
import type { StoreState } from '../state.ts'
import type { StoreTransaction } from '../transaction.ts'
import { BATCH_COMMITS_MAX, batchOf, versionstamp } from '../versionstamp.ts'
import type { VersionLog } from '../versions/version-log.ts'
import { WriteHistory } from '../write-history.ts'
import { writeDurably } from './durable-batch.ts'
import { type Database, levelRows } from './rows.ts'
import type { LevelViews } from './views.ts'

/** A batch is closed at this size, so that one fsync never waits for all that is queued. */
const BATCH_BYTES = 16 * 1024 * 1024

interface QueuedCommit extends Commit {
  readonly resolve: () => void
}

interface Batch {
  readonly counter: number
  readonly commits: QueuedCommit[]
  bytes: number
}

interface Told {
  /** Up to here all is durable. */
  readonly committed: (version: Versionstamp) => void
  /** The first write failed; those that wait are refused as well. */
  readonly failed: (fault: HindraError) => void
}

/**
 * Group commit. A transaction is checked and gets its versionstamp when it is submitted; all that
 * are submitted while a batch is being written make up the next one, and share its fsync.
 */
export class CommitQueue {
  readonly #db: Database
  readonly #views: LevelViews
  readonly #changesKept: number
  readonly #told: Told
  #history = new WriteHistory()
  #recent: RecentCommits
  #state: StoreState
  #versions: VersionLog | undefined
  #lastCounter: number
  /** Takes what is submitted, until its turn to be written comes or it is full. */
  #open: Batch | undefined
  #lastWritten: Promise<void> = Promise.resolve()
  #fault: HindraError | undefined

  constructor(db: Database, views: LevelViews, state: StoreState, changesKept: number, told: Told) {
    this.#db = db
    this.#told = told
    this.#views = views
    this.#changesKept = changesKept
    this.#state = state
    this.#recent = new RecentCommits(state.version)
    this.#lastCounter = batchOf(state.version)
  }

  /**
   * True when the transaction is durable; false, at once, when what it read since `since` was
   * changed by another. Throws STORE_FAILED, STORE_CORRUPT.
   */
  async submit({ reads, writes }: StoreTransaction, since: Versionstamp): Promise<boolean> {
    this.assertUsable()
    if (this.#history.conflicts(reads, since)) return false
    const batch = this.#openBatch()
    const version = versionstamp(batch.counter, batch.commits.length)
    writes.stamp(version)
    this.#history.record(version, writes.keys())
    batch.bytes += writes.bytes
    await new Promise<void>((resolve, reject) => {
      batch.commits.push({ version, writes, resolve, reject })
    })
    return true
  }

  /** Resolves when all that was submitted so far is durable or has failed. */
  async settled(): Promise<void> {
    await this.#lastWritten
  }

  /** The durable commits newer than the cursor, where memory still holds them all. */
  recentAfter(cursor: Versionstamp): readonly LoggedCommit[] | undefined {
    return this.#recent.after(cursor)
  }

  /** What the store knows of itself, as it was written last. */
  get state(): StoreState {
    return this.#state
  }

  /** What a write failed with. */
  get fault(): HindraError | undefined {
    return this.#fault
  }

  /** Throws what a write failed with before: STORE_FAILED, DISK_FULL ... */
  assertUsable(): void {
    if (this.#fault !== undefined) throw this.#fault
  }

  /** From now on each batch says which records are the newest. Nothing may be under way. */
  keep(versions: VersionLog, state: StoreState): void {
    this.#versions = versions
    this.#state = state
  }

  /** Goes on over the database that was opened anew, from what is in it. Nothing may be under way. */
  restart(state: StoreState, versions: VersionLog | undefined): void {
    this.#state = state
    this.#versions = versions
    this.#history = new WriteHistory()
    this.#recent = new RecentCommits(state.version)
    this.#lastCounter = batchOf(state.version)
    this.#fault = undefined
  }

  #openBatch(): Batch {
    const open = this.#open
    const full = open === undefined || open.bytes >= BATCH_BYTES
    if (!full && open.commits.length < BATCH_COMMITS_MAX) return open
    this.#lastCounter += 1
    const batch: Batch = { counter: this.#lastCounter, commits: [], bytes: 0 }
    this.#open = batch
    this.#lastWritten = this.#lastWritten.then(() => this.#writeOrFail(batch))
    return batch
  }

  async #writeOrFail(batch: Batch): Promise<void> {
    if (this.#open === batch) this.#open = undefined
    try {
      this.assertUsable()
      await this.#write(batch.commits)
    } catch (cause) {
      this.#fail(batch.commits, cause)
    }
  }

  async #write(commits: readonly QueuedCommit[]): Promise<void> {
    const { accepted, logged, writes, state, applyVersions } = await planBatch(commits, {
      rows: levelRows(this.#db),
      state: this.#state,
      versions: this.#versions,
      changesKept: this.#changesKept,
    })
    await writeDurably(this.#db, writes)
    this.#state = state
    applyVersions()
    this.#told.committed(state.version)
    this.#recent.add(logged)
    this.#views.advance(state, logged)
    this.#history.forget(this.#views.oldestVersion)
    this.#versions?.forget(this.#views.oldestHeld)
    for (const { resolve } of accepted) resolve()
  }

  /**
   * After a failed write LevelDB's log may end in half a record, and what is written behind it may
   * not be found again; so nothing more is written until the database was opened anew.
   */
  #fail(commits: readonly QueuedCommit[], cause: unknown): void {
    const isFirst = this.#fault === undefined
    this.#fault ??= writeFault(cause)
    for (const { reject } of commits) reject(this.#fault)
    this.#views.wake()
    if (isFirst) this.#told.failed(this.#fault)
  }
}

function writeFault(cause: unknown): HindraError {
  const code = diskCodeOf(cause) ?? 'STORE_FAILED'
  const message =
    'the store could not write to its disk; what was being written may be there or not'
  return new HindraError(code, message, { cause })
}
