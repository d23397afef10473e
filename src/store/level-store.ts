import { Level } from 'level'
import { HindraError } from '../errors.ts'
import { commitsAfter, type LoggedCommit } from './change-log.ts'
import { CommitQueue } from './commit-queue.ts'
import { compact } from './compaction.ts'
import type { Database } from './layout.ts'
import { claimDirectory, type DirectoryClaim } from './lock.ts'
import type {
  Change,
  ChangesOptions,
  Key,
  Store,
  StoredPair,
  StoreLimits,
  Transaction,
  Versionstamp,
} from './port.ts'
import { readState, type StoreState } from './state.ts'
import { LevelTransaction } from './transaction.ts'
import { boundsBelow, decodeKey, encodeKey } from './tuple.ts'
import { Turnstile } from './turnstile.ts'
import { assertVersionstamp } from './versionstamp.ts'
import { Views } from './views.ts'

const DEFAULT_LIMITS: StoreLimits = {
  transactionBytesMax: 32 * 1024 * 1024,
  keyBytesMax: 4 * 1024,
  valueBytesMax: 16 * 1024 * 1024,
}
const DEFAULT_CHANGES_KEPT = 100_000

/** Keys that are written once more in one transaction. */
const SCRUB_KEYS = 500

/** Conflicts after which a transaction runs alone. */
const TRIES_AMONG_OTHERS = 8

export interface LevelStoreOptions {
  /** Made where it is missing; for its owner alone (0700). */
  readonly directory: string
  readonly limits?: Partial<StoreLimits>
  /** Commits that `changes` can go back. */
  readonly changesKept?: number
}

/** The embedded store: LevelDB, one process, fsynced. Throws STORE_LOCKED, STORE_CORRUPT. */
export async function openLevelStore(options: LevelStoreOptions): Promise<Store> {
  const claim = await claimDirectory(options.directory)
  const db: Database = new Level(claim.path, { keyEncoding: 'buffer', valueEncoding: 'buffer' })
  try {
    await openDatabase(db, claim)
    await claim.announce()
    return await openStoreOver(db, options, claim)
  } catch (error) {
    await claim.release(() => db.close())
    throw error
  }
}

/** The same store over a database of another kind, which is open; `owner` gives it up at the end. */
export async function openStoreOver(
  db: Database,
  options: Omit<LevelStoreOptions, 'directory'>,
  owner: Pick<DirectoryClaim, 'release'>,
): Promise<Store> {
  return new LevelStore(owner, db, await readState(db), options)
}

async function openDatabase(db: Database, claim: DirectoryClaim): Promise<void> {
  try {
    await db.open()
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined
    if (codeOf(cause) === 'LEVEL_LOCKED') throw await claim.locked()
    throw asStoreError(cause ?? error)
  }
}

class LevelStore implements Store {
  readonly #owner: Pick<DirectoryClaim, 'release'>
  readonly #db: Database
  readonly #views: Views
  readonly #queue: CommitQueue
  readonly #limits: StoreLimits
  readonly #turnstile = new Turnstile()
  readonly #running = new Set<Promise<unknown>>()
  #closing: Promise<void> | undefined

  constructor(
    owner: Pick<DirectoryClaim, 'release'>,
    db: Database,
    state: StoreState,
    options: Omit<LevelStoreOptions, 'directory'>,
  ) {
    this.#owner = owner
    this.#db = db
    this.#views = new Views(db, state)
    this.#queue = new CommitQueue(
      db,
      this.#views,
      state,
      options.changesKept ?? DEFAULT_CHANGES_KEPT,
    )
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits }
  }

  async transact<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    this.#assertUsable()
    const running = this.#runUntilCommitted(work)
    this.#running.add(running)
    try {
      return await running
    } catch (error) {
      throw asStoreError(error)
    } finally {
      this.#running.delete(running)
    }
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
      const commits = await this.#commitsAfter(cursor)
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

  version(): Versionstamp {
    return this.#views.version
  }

  /**
   * LevelDB drops what is old where it merges files, and it merges files that overlap: written once
   * more, each key lies in a file above its old values, so that the compaction must go through them.
   */
  async scrub(keys: readonly Key[]): Promise<void> {
    // What memory holds goes into a file of its own first.
    await compact(this.#db, keys.slice(0, 1))
    for (let from = 0; from < keys.length; from += SCRUB_KEYS) {
      const part = keys.slice(from, from + SCRUB_KEYS)
      await this.transact(async (tx) => {
        for (const key of part) {
          const value = await tx.get(key)
          if (value === undefined) tx.delete(key)
          else tx.put(key, value)
        }
      })
    }
    await compact(this.#db, keys)
  }

  async *dump(): AsyncIterable<StoredPair> {
    this.#assertUsable()
    const view = this.#views.acquire()
    try {
      for await (const [key, value] of this.#db.iterator({ snapshot: view.snapshot })) {
        yield { key, value }
        this.#assertUsable()
      }
    } finally {
      this.#views.release(view)
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
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
    const tx = new LevelTransaction(this.#db, view, this.#limits)
    let result: T
    let durable: Promise<boolean>
    try {
      result = await work(tx)
      tx.end()
      if (tx.writes.empty) return { result }
      while (!alone && this.#turnstile.turn !== undefined) await this.#turnstile.turn
      durable = this.#queue.submit(tx, view.state.version)
    } finally {
      tx.end()
      this.#views.release(view)
    }
    return (await durable) ? { result } : undefined
  }

  /** Some of the commits after the cursor; none where there are none. Throws FEED_TRUNCATED. */
  async #commitsAfter(cursor: Versionstamp): Promise<readonly LoggedCommit[]> {
    this.#assertUsable()
    const view = this.#views.acquire()
    try {
      if (cursor < view.state.truncated) {
        throw new HindraError('FEED_TRUNCATED', 'older changes than these are no longer kept')
      }
      return this.#queue.recentAfter(cursor) ?? (await commitsAfter(this.#db, view, cursor))
    } catch (error) {
      this.#assertUsable()
      throw asStoreError(error)
    } finally {
      this.#views.release(view)
    }
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#running)
    this.#views.wake()
    await this.#owner.release(() => this.#db.close())
  }

  #assertUsable(): void {
    if (this.#closing !== undefined) throw new HindraError('STORE_CLOSED', 'the store is closed')
    this.#queue.assertUsable()
  }
}

function asStoreError(error: unknown): unknown {
  if (!codeOf(error).startsWith('LEVEL_')) return error
  return new HindraError('STORE_CORRUPT', 'the database cannot be read', { cause: error })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
