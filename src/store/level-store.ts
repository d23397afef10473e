import { setTimeout as sleep } from 'node:timers/promises'
import { diskCodeOf, HindraError, toHindraError } from '../errors.ts'
import { commitsAfter, type LoggedCommit } from './change-log.ts'
import { CommitQueue } from './commit-queue.ts'
import { Damage, REPLACED } from './damage.ts'
import type { CommitMark } from './commit-mark.ts'
import { compact, scrub } from './compaction.ts'
import type { DiskSpace } from './disk-space.ts'
import type { Database } from './layout.ts'
import type { DirectoryClaim } from './lock.ts'
import type {
  Change,
  ChangesOptions,
  Key,
  ReadTransaction,
  Store,
  StoredPair,
  StoreLimits,
  Transaction,
  Versionstamp,
} from './port.ts'
import { asStoreError } from './level-errors.ts'
import { readState, type StoreState } from './state.ts'
import type { TableFile } from './table-files.ts'
import { LevelTransaction } from './transaction.ts'
import { boundsBelow, decodeKey, encodeKey } from './tuple.ts'
import { sweep } from './versions/sweep.ts'
import type { VersionLog } from './versions/version-log.ts'
import { knownVersions, versionsAnew } from './versions/open.ts'
import { Turnstile } from './turnstile.ts'
import { assertVersionstamp } from './versionstamp.ts'
import { Views } from './views.ts'

const DEFAULT_LIMITS: StoreLimits = {
  transactionBytesMax: 32 * 1024 * 1024,
  keyBytesMax: 4 * 1024,
  valueBytesMax: 16 * 1024 * 1024,
}
const DEFAULT_CHANGES_KEPT = 100_000

/** Between looks at a disk that took no write. */
const RECOVERY_MS = 1_000
/** Of the log, which is written out when the database is opened: LevelDB begins another at 4 MiB. */
const LOG_BYTES = 8 * 1024 * 1024

/** Conflicts after which a transaction runs alone. */
const TRIES_AMONG_OTHERS = 8

export interface LevelStoreOptions {
  /** Made where it is missing; for its owner alone (0700). */
  readonly directory: string
  readonly limits?: Partial<StoreLimits>
  /** Commits that `changes` can go back. */
  readonly changesKept?: number
  /** Bytes of the disk that stay free: beyond that writes are refused. None by default. */
  readonly freeBytesMin?: number
  /** Told, in words, when the disk takes no more writes, and when the store goes on. */
  readonly warn?: (message: string) => void
}

/** What a store over files knows of the place where they are, so that it can open them anew. */
export interface Place extends Pick<DirectoryClaim, 'release'> {
  readonly room?: DiskSpace
  readonly mark?: CommitMark
  readonly open?: () => Promise<StoreState>
  readonly tables?: (signal: AbortSignal) => AsyncIterable<TableFile>
}

/** The same store over a database of another kind, which is open; `place` gives it up at the end. */
export async function openStoreOver(
  db: Database,
  options: Omit<LevelStoreOptions, 'directory'>,
  place: Place,
): Promise<Store> {
  return new LevelStore(place, db, await readState(db), options)
}

class LevelStore implements Store {
  readonly #place: Place
  readonly #db: Database
  readonly #views: Views
  readonly #queue: CommitQueue
  readonly #limits: StoreLimits
  readonly #turnstile = new Turnstile()
  readonly #running = new Set<Promise<unknown>>()
  /** Long reads, which a closing of the store ends. */
  readonly #readings = new Set<LevelTransaction>()
  readonly #warn: (message: string) => void
  readonly #damage: Damage
  #versions: VersionLog | undefined
  #versionsKey: Uint8Array | undefined
  /** Ends looks through all records, for which nothing else is to wait. */
  #sweeps = new AbortController()
  readonly #ending = new AbortController()
  #closing: Promise<void> | undefined
  #recovery: Promise<void> | undefined
  /** While the database is being opened anew: nobody begins anything. */
  #reopening: Promise<void> | undefined
  /** Why the database is closed, where it could not be opened anew. */
  #down: HindraError | undefined

  constructor(
    place: Place,
    db: Database,
    state: StoreState,
    options: Omit<LevelStoreOptions, 'directory'>,
  ) {
    this.#place = place
    this.#warn = options.warn ?? (() => undefined)
    this.#damage = new Damage(this.#warn)
    this.#db = db
    this.#views = new Views(db, state)
    this.#queue = new CommitQueue(
      db,
      this.#views,
      state,
      options.changesKept ?? DEFAULT_CHANGES_KEPT,
      {
        committed: (version) => place.mark?.set(version),
        failed: (fault) => {
          this.#failed(fault)
        },
      },
    )
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits }
  }

  transact<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#run(() => this.#runUntilCommitted(work))
  }

  read<T>(work: (reading: ReadTransaction) => Promise<T>): Promise<T> {
    return this.#run(() => this.#read(work))
  }

  async writable(): Promise<void> {
    this.#assertUsable()
    this.#queue.assertUsable()
    await this.#place.room?.assertFor(0)
  }

  async *changes(
    prefix: Key,
    after: Versionstamp,
    { signal }: ChangesOptions = {},
  ): AsyncIterable<Change> {
    assertVersionstamp(after)
    const { low, high } = boundsBelow(encodeKey(prefix))
    const aborted = () => signal?.aborted === true
    const end = signal === undefined ? this.version() : undefined
    let cursor = after
    while (!aborted()) {
      const commits = await this.#run(() => this.#commitsAfter(cursor))
      for (const { version, keys } of commits) {
        if (end !== undefined && version > end) return
        for (const key of keys) {
          if (key >= low && key < high) yield { key: decodeKey(key), versionstamp: version }
          if (aborted()) return
          this.#assertUsable()
        }
        cursor = version
      }
      if (commits.length > 0) continue
      if (signal === undefined) return
      if (this.version() <= cursor) await this.#views.moved(signal)
    }
  }

  damaged(): readonly string[] {
    return this.#damage.names
  }

  async check(signal: AbortSignal): Promise<void> {
    for await (const { damaged } of this.#place.tables?.(signal) ?? []) {
      for (const place of damaged) this.#damage.noteFile(place)
    }
  }

  checkRecords(signal: AbortSignal): Promise<void> {
    return this.#run(() => this.#checkVersions(signal))
  }

  async keepVersions(key: Uint8Array, versions: 'known' | 'anew'): Promise<void> {
    await this.#run(async () => {
      await this.#queue.settled()
      const read = versions === 'known' ? knownVersions : versionsAnew
      this.#versions = await read(this.#db, key)
      this.#versionsKey = key
      this.#queue.keep(this.#versions, await readState(this.#db))
    })
  }

  hasVersions(): boolean {
    return this.#queue.state.versions !== undefined
  }

  version(): Versionstamp {
    return this.#views.version
  }

  scrub(keys: readonly Key[]): Promise<void> {
    return scrub(this, keys, (part) => this.#run(() => compact(this.#db, part)))
  }

  async *dump(): AsyncIterable<StoredPair> {
    this.#assertUsable()
    const view = this.#views.hold()
    try {
      for await (const [key, value] of this.#db.iterator({ snapshot: view.snapshot })) {
        yield { key, value }
        this.#assertUsable()
        this.#queue.assertUsable()
      }
    } catch (error) {
      throw asStoreError(error)
    } finally {
      this.#views.drop(view)
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #checkVersions(signal: AbortSignal): Promise<void> {
    if (this.#versions === undefined) return
    const either = AbortSignal.any([signal, this.#sweeps.signal])
    const view = this.#views.hold()
    try {
      const { replayed, missing } = await sweep(this.#db, view, this.#versions, either)
      for (const place of replayed) this.#damage.note(place, REPLACED)
      this.#damage.noteMissing(missing ?? 0)
    } finally {
      this.#views.drop(view)
    }
  }

  /** Whatever reads or writes: closing, and opening anew, wait for its end. */
  async #run<T>(begin: () => Promise<T>): Promise<T> {
    while (this.#reopening !== undefined) await this.#reopening
    this.#assertUsable()
    const running = begin()
    this.#running.add(running)
    try {
      return await running
    } catch (error) {
      throw asStoreError(error)
    } finally {
      this.#running.delete(running)
    }
  }

  async #read<T>(work: (reading: ReadTransaction) => Promise<T>): Promise<T> {
    const view = this.#views.hold()
    const tx = new LevelTransaction(this.#db, view, this.#limits, this.#damage, this.#versions)
    this.#readings.add(tx)
    try {
      return await work(tx)
    } finally {
      this.#readings.delete(tx)
      tx.end()
      this.#views.drop(view)
    }
  }

  async #runUntilCommitted<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    for (let tries = 0; tries < TRIES_AMONG_OTHERS; tries++) {
      const done = await this.#attempt(work)
      if (done !== undefined) return done.result
      await this.#queue.settled()
    }
    return this.#turnstile.alone(async () => {
      await this.#queue.settled()
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
    const view = this.#views.acquire()
    const tx = new LevelTransaction(this.#db, view, this.#limits, this.#damage, this.#versions)
    let result: T
    let durable: Promise<boolean>
    try {
      result = await work(tx)
      tx.end()
      if (tx.writes.empty) return { result }
      this.#queue.assertUsable()
      await this.#place.room?.assertFor(tx.writes.bytes)
      while (!alone && this.#turnstile.turn !== undefined) await this.#turnstile.turn
      durable = this.#queue.submit(tx, view.state.version)
    } finally {
      tx.end()
      this.#views.release(view)
    }
    if (!(await durable)) return undefined
    this.#damage.forget(tx.writes.keys())
    return { result }
  }

  /** Some of the commits after the cursor; none where there are none. Throws FEED_TRUNCATED. */
  async #commitsAfter(cursor: Versionstamp): Promise<readonly LoggedCommit[]> {
    const view = this.#views.acquire()
    try {
      if (cursor < view.state.truncated) {
        throw new HindraError('FEED_TRUNCATED', 'older changes than these are no longer kept')
      }
      return this.#queue.recentAfter(cursor) ?? (await commitsAfter(this.#db, view, cursor))
    } finally {
      this.#views.release(view)
    }
  }

  /** What the system refused passes, and then the database goes on by itself; other faults need a person. */
  #failed(fault: HindraError): void {
    const { code } = fault
    this.#warn(`the store takes no writes: ${code}: ${fault.message}`)
    const { open, room } = this.#place
    if (code === 'STORE_FAILED' || open === undefined || room === undefined) return
    this.#recovery ??= this.#recover(open, room)
      .catch((error: unknown) => {
        this.#warn(`the store stays as it is until a restart: ${String(error)}`)
      })
      .finally(() => {
        this.#recovery = undefined
      })
  }

  /**
   * Closing the database and opening it anew does what a restart does: LevelDB reads its log up to the
   * torn record, and writes what was whole into a file that it syncs. So what was acknowledged is there,
   * and of what was refused all or nothing.
   */
  async #recover(open: () => Promise<StoreState>, room: DiskSpace): Promise<void> {
    const { signal } = this.#ending
    while (!signal.aborted) {
      if (await room.isThere(LOG_BYTES)) {
        this.#reopening = this.#reopen(open).then(() => {
          this.#reopening = undefined
        })
        await this.#reopening
        if (this.#down === undefined) {
          this.#warn('the store takes writes again')
          return
        }
        if (diskCodeOf(this.#down) === undefined) return
      }
      await sleep(RECOVERY_MS, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }

  /** Never throws: where the database does not open, that is why it is down. */
  async #reopen(open: () => Promise<StoreState>): Promise<void> {
    const anew = new HindraError('STORE_CLOSED', 'the store is being opened anew')
    for (const reading of this.#readings) reading.end(anew)
    this.#sweeps.abort()
    this.#sweeps = new AbortController()
    await Promise.allSettled(this.#running)
    await this.#queue.settled()
    try {
      await this.#db.close()
      const state = await open()
      const key = this.#versionsKey
      this.#versions = key && (await knownVersions(this.#db, key))
      this.#views.restart(state)
      this.#queue.restart(state, this.#versions)
      this.#down = undefined
    } catch (error) {
      this.#down = toHindraError(asStoreError(error))
    }
  }

  async #close(): Promise<void> {
    const closed = new HindraError('STORE_CLOSED', 'the store is closed')
    for (const reading of this.#readings) reading.end(closed)
    this.#ending.abort()
    this.#sweeps.abort()
    await this.#recovery
    this.#place.room?.close()
    await Promise.allSettled(this.#running)
    this.#views.wake()
    await this.#place.mark?.close()
    await this.#place.release(() => this.#db.close())
  }

  #assertUsable(): void {
    if (this.#closing !== undefined) throw new HindraError('STORE_CLOSED', 'the store is closed')
    if (this.#down !== undefined) throw this.#down
    // What the system refused is readable all the same; of a disk that failed nobody knows.
    const { fault } = this.#queue
    if (fault?.code === 'STORE_FAILED') throw fault
  }
}
