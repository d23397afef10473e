import { AsyncLocalStorage } from 'node:async_hooks'
import { HindraError } from '../errors.ts'
import { commitsAfter } from './change-log.ts'
import { Damage, REPLACED } from './damage.ts'
import { wholeRange } from './layout.ts'
import type { Fence, Lease } from './lease.ts'
import type { LoggedCommit } from './logged-commit.ts'
import type {
  Change,
  ChangesOptions,
  Key,
  ReadTransaction,
  Store,
  StoredPair,
  StoreLimits,
  Transaction,
  VersionsBaseline,
  Versionstamp,
} from './port.ts'
import { rowsOf } from './rows.ts'
import { type StoreState, tellsSince } from './state.ts'
import { StoreTransaction } from './transaction.ts'
import { Turnstile } from './turnstile.ts'
import { boundsBelow, decodeKey, encodeKey } from './tuple.ts'
import { sweep } from './versions/sweep.ts'
import type { VersionLog } from './versions/version-log.ts'
import { assertVersionstamp } from './versionstamp.ts'
import type { StoreView, Views } from './views.ts'

/** A key is as large as every database below takes as an indexed one. */
const DEFAULT_LIMITS: StoreLimits = {
  transactionBytesMax: 32 * 1024 * 1024,
  keyBytesMax: 2 * 1024,
  valueBytesMax: 16 * 1024 * 1024,
}
const DEFAULT_CHANGES_KEPT = 100_000

/** Conflicts after which a transaction runs alone. */
const TRIES_AMONG_OTHERS = 8

export interface StoreOptions {
  readonly limits?: Partial<StoreLimits>
  /** Commits that `changes` can go back, at least. */
  readonly changesKept?: number
  /** Told, in words, when the database takes no more writes, and when the store goes on. */
  readonly warn?: (message: string) => void
}

/** Where transactions become durable, in the order of their versionstamps. */
export interface Commits {
  /**
   * True when the transaction is durable; false when what it read since `since` was changed by another. Throws
   * LEASE_ELSEWHERE where a lease by which it was made was taken over.
   */
  submit(tx: StoreTransaction, since: Versionstamp, fences: readonly Fence[]): Promise<boolean>
  /** Resolves when all that was submitted so far is durable or has failed. */
  settled(): Promise<void>
  /** The durable commits newer than the cursor, where memory still holds them all. */
  recentAfter(cursor: Versionstamp): readonly LoggedCommit[] | undefined
  /** What the store knows of itself, as it was written last. */
  readonly state: StoreState
  /** Throws why nothing is written: STORE_FAILED, DISK_FULL ... */
  assertUsable(): void
}

/**
 * What every store does above its rows: transactions that read a view and their own writes, run again after a
 * conflict, the feed of changes, and which copy of a record is the newest.
 */
export abstract class TransactionalStore implements Store {
  abstract readonly isShared: boolean
  protected abstract readonly views: Views
  protected abstract readonly commits: Commits
  protected readonly changesKept: number
  protected readonly warn: (message: string) => void
  protected readonly damage: Damage
  /** Undefined before `keepVersions`. */
  protected abstract readonly versions: VersionLog | undefined
  /** Ends looks through all records, for which nothing else is to wait. */
  protected sweeps = new AbortController()
  /** By which leases what runs now is done. */
  protected readonly fences = new AsyncLocalStorage<readonly Fence[]>()
  /** What reads or writes now. */
  protected readonly running = new Set<Promise<unknown>>()
  readonly #limits: StoreLimits
  readonly #turnstile = new Turnstile()
  /** Long reads, which a closing of the store ends. */
  readonly #readings = new Set<StoreTransaction>()
  #closing: Promise<void> | undefined

  constructor({ limits, changesKept, warn }: StoreOptions) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits }
    this.changesKept = changesKept ?? DEFAULT_CHANGES_KEPT
    this.warn = warn ?? (() => undefined)
    this.damage = new Damage(this.warn)
  }

  transact<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.run(() => this.#runUntilCommitted(work))
  }

  read<T>(work: (reading: ReadTransaction) => Promise<T>): Promise<T> {
    return this.run(() => this.#read(work))
  }

  async writable(): Promise<void> {
    this.assertUsable()
    this.commits.assertUsable()
    await this.roomFor(0)
  }

  async *changes(
    prefix: Key,
    after: Versionstamp,
    { signal }: ChangesOptions = {},
  ): AsyncIterable<Change> {
    assertVersionstamp(after)
    const { low, high } = boundsBelow(encodeKey(prefix))
    const aborted = () => signal?.aborted === true
    const end = signal === undefined ? await this.run(() => this.#newest()) : undefined
    let cursor = after
    while (!aborted()) {
      const commits = await this.run(() => this.#commitsAfter(cursor))
      for (const { version, keys } of commits) {
        if (end !== undefined && version > end) return
        for (const key of keys) {
          if (key >= low && key < high) yield { key: decodeKey(key), versionstamp: version }
          if (aborted()) return
          this.assertUsable()
        }
        cursor = version
      }
      if (commits.length > 0) continue
      if (signal === undefined) return
      if (this.version() <= cursor) await this.views.moved(signal)
    }
  }

  damaged(): readonly string[] {
    return this.damage.names
  }

  abstract check(signal: AbortSignal): Promise<void>

  checkRecords(signal: AbortSignal): Promise<void> {
    return this.run(() => this.#checkVersions(signal))
  }

  abstract keepVersions(key: Uint8Array, versions: VersionsBaseline): Promise<void>

  version(): Versionstamp {
    return this.views.version
  }

  checkedAt(): number | undefined {
    return this.views.checkedAt
  }

  recentChanges(prefix: Key, after: Versionstamp): readonly Change[] | undefined {
    const { low, high } = boundsBelow(encodeKey(prefix))
    return this.commits
      .recentAfter(after)
      ?.flatMap(({ version, keys }) =>
        keys
          .filter((key) => key >= low && key < high)
          .map((key) => ({ key: decodeKey(key), versionstamp: version })),
      )
  }

  abstract lease(name: string): Lease

  abstract sure(): Promise<void>

  abstract restOn(key: Key, changed: (value: Uint8Array | undefined) => void): void

  /** None where one process has the store alone. */
  endWaiting(): void {
    // Nobody waits for a lease of a store that one process has alone.
  }

  leaseHolders(): Promise<Readonly<Record<string, string>>> {
    return Promise.resolve({})
  }

  abstract others(): Promise<readonly string[]>

  abstract scrub(keys: readonly Key[]): Promise<void>

  async *dump(): AsyncIterable<StoredPair> {
    this.assertUsable()
    const view = await this.views.hold()
    try {
      for await (const [key, value] of rowsOf(view.rows.pages(wholeRange()))) {
        yield { key, value }
        this.assertUsable()
        this.commits.assertUsable()
      }
    } catch (error) {
      throw this.asError(error)
    } finally {
      this.views.drop(view)
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  abstract retire(mark: string, version: Versionstamp): Promise<string | undefined>

  /** Resolves once the database is there, where it is being opened anew. */
  protected ready(): Promise<void> | undefined {
    return undefined
  }

  /** Throws where so much cannot be written now. */
  protected abstract roomFor(bytes: number): Promise<void>

  /** Runs while no other transaction is committed, but not for long: a hung one must not stop all. */
  protected alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#turnstile.alone(work)
  }

  /** Whether the work may run again after this, as after a conflict: nothing of it was written. */
  protected mayPass(error: unknown): boolean {
    // What the embedded database refuses it refuses for good, or it says when it goes on.
    return error === undefined
  }

  /** What the database says, in the codes of Hindra; anything else as it is. */
  protected abstract asError(error: unknown): unknown

  /** Gives the database up; nothing reads or writes any more. */
  protected abstract giveUp(): Promise<void>

  protected assertUsable(): void {
    if (this.#closing !== undefined) throw new HindraError('STORE_CLOSED', 'the store is closed')
  }

  /** Whatever reads or writes: closing, and opening anew, wait for its end. */
  protected async run<T>(begin: () => Promise<T>): Promise<T> {
    for (let wait = this.ready(); wait !== undefined; wait = this.ready()) await wait
    this.assertUsable()
    const running = begin()
    this.running.add(running)
    try {
      return await running
    } catch (error) {
      throw this.asError(error)
    } finally {
      this.running.delete(running)
    }
  }

  /** Ends what only reads and would go on for long. */
  protected endReadings(why: HindraError): void {
    for (const reading of this.#readings) reading.end(why)
    this.sweeps.abort()
  }

  async #close(): Promise<void> {
    this.endReadings(new HindraError('STORE_CLOSED', 'the store is closed'))
    await this.giveUp()
  }

  async #read<T>(work: (reading: ReadTransaction) => Promise<T>): Promise<T> {
    const view = await this.views.hold()
    const tx = this.#transaction(view)
    this.#readings.add(tx)
    try {
      return await work(tx)
    } finally {
      this.#readings.delete(tx)
      tx.end()
      this.views.drop(view)
    }
  }

  async #runUntilCommitted<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    for (let tries = 0; tries < TRIES_AMONG_OTHERS; tries++) {
      const done = await this.#attempt(work)
      if (done !== undefined) return done.result
      await this.commits.settled()
    }
    return this.alone(async () => {
      await this.commits.settled()
      const done = await this.#attempt(work, true)
      if (done !== undefined) return done.result
      throw new HindraError('TX_CONFLICT', 'a transaction lost against others too many times')
    })
  }

  /** Undefined after a conflict. */
  async #attempt<T>(
    work: (tx: Transaction) => Promise<T>,
    alone = false,
  ): Promise<{ result: T } | undefined> {
    const acquired = this.views.acquire()
    // What is there at once costs no turn of the queue.
    const view = acquired instanceof Promise ? await acquired : acquired
    const tx = this.#transaction(view)
    let result: T
    let durable: Promise<boolean>
    try {
      result = await work(tx)
      tx.end()
      if (tx.writes.empty) return { result }
      this.commits.assertUsable()
      await this.roomFor(tx.writes.bytes)
      while (!alone && this.#turnstile.turn !== undefined) await this.#turnstile.turn
      durable = this.commits.submit(tx, view.state.version, this.fences.getStore() ?? [])
    } catch (error) {
      if (this.mayPass(error)) return undefined
      throw error
    } finally {
      tx.end()
      this.views.release(view)
    }
    if (!(await durable)) return undefined
    this.damage.forget(tx.writes.keys())
    return { result }
  }

  #transaction(view: StoreView): StoreTransaction {
    return new StoreTransaction(view, this.#limits, this.damage, this.versions)
  }

  async #newest(): Promise<Versionstamp> {
    const view = await this.views.hold()
    this.views.drop(view)
    return view.state.version
  }

  /** Some of the commits after the cursor; none where there are none. Throws FEED_TRUNCATED. */
  async #commitsAfter(cursor: Versionstamp): Promise<readonly LoggedCommit[]> {
    const view = await this.views.acquire()
    try {
      // A cursor that is ahead is of a store that was put back to an older state.
      if (!tellsSince(view.state, cursor) || cursor > view.state.version) {
        throw new HindraError('FEED_TRUNCATED', 'older changes than these are no longer kept')
      }
      return this.commits.recentAfter(cursor) ?? (await commitsAfter(view, cursor))
    } finally {
      this.views.release(view)
    }
  }

  async #checkVersions(signal: AbortSignal): Promise<void> {
    if (this.versions === undefined) return
    const either = AbortSignal.any([signal, this.sweeps.signal])
    const view = await this.views.hold()
    try {
      const { replayed, missing } = await sweep(view, this.versions, either)
      for (const place of replayed) this.damage.note(place, REPLACED)
      if (missing !== null) this.damage.noteMissing(missing)
    } finally {
      this.views.drop(view)
    }
  }
}
