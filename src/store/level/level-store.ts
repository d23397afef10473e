import { setTimeout as sleep } from 'node:timers/promises'
import { diskCodeOf, HindraError, toHindraError } from '../../errors.ts'
import { type Lease, SOLE_LEASE } from '../lease.ts'
import type { Key, Store, VersionsBaseline, Versionstamp } from '../port.ts'
import { readState, type StoreState } from '../state.ts'
import { type StoreOptions, TransactionalStore } from '../transactional-store.ts'
import { isToBegin, knownVersions, versionsAnew } from '../versions/open.ts'
import type { VersionLog } from '../versions/version-log.ts'
import { CommitQueue } from './commit-queue.ts'
import type { CommitMark } from './commit-mark.ts'
import { compact, scrub } from './compaction.ts'
import type { DiskSpace } from './disk-space.ts'
import { writeDurably } from './durable-batch.ts'
import { asStoreError } from './errors.ts'
import type { DirectoryClaim } from './lock.ts'
import { type Database, levelRows } from './rows.ts'
import type { TableFile } from './table-files.ts'
import { LevelViews } from './views.ts'

/** Between looks at a disk that took no write. */
const RECOVERY_MS = 1_000
/** Of the log, which is written out when the database is opened: LevelDB begins another at 4 MiB. */
const LOG_BYTES = 8 * 1024 * 1024

export interface LevelStoreOptions extends StoreOptions {
  /** Made where it is missing; for its owner alone (0700). */
  readonly directory: string
  /** Bytes of the disk that stay free: beyond that writes are refused. None by default. */
  readonly freeBytesMin?: number
}

/** What a store over files knows of the place where they are, so that it can open them anew. */
export interface Place extends Pick<DirectoryClaim, 'release' | 'retire'> {
  readonly room?: DiskSpace
  readonly mark?: CommitMark
  readonly open?: () => Promise<StoreState>
  readonly tables?: (signal: AbortSignal) => AsyncIterable<TableFile>
}

/** The same store over a database of another kind, which is open; `place` gives it up at the end. */
export async function openStoreOver(
  db: Database,
  options: StoreOptions,
  place: Place,
): Promise<Store> {
  return new LevelStore(place, db, await readState(levelRows(db)), options)
}

class LevelStore extends TransactionalStore {
  readonly isShared = false
  protected readonly views: LevelViews
  protected readonly commits: CommitQueue
  protected versions: VersionLog | undefined
  readonly #place: Place
  readonly #db: Database
  #versionsKey: Uint8Array | undefined
  readonly #ending = new AbortController()
  #recovery: Promise<void> | undefined
  /** While the database is being opened anew: nobody begins anything. */
  #reopening: Promise<void> | undefined
  /** Why the database is closed, where it could not be opened anew. */
  #down: HindraError | undefined
  /** Gives the place up at the end. */
  #leave = (): Promise<unknown> => this.#place.release(() => this.#db.close())

  constructor(place: Place, db: Database, state: StoreState, options: StoreOptions) {
    super(options)
    this.#place = place
    this.#db = db
    this.views = new LevelViews(db, state)
    this.commits = new CommitQueue(db, this.views, state, this.changesKept, {
      committed: (version) => place.mark?.set(version),
      failed: (fault) => {
        this.#failed(fault)
      },
    })
  }

  async check(signal: AbortSignal): Promise<void> {
    for await (const { damaged } of this.#place.tables?.(signal) ?? []) {
      for (const place of damaged) this.damage.noteFile(place)
    }
  }

  async keepVersions(key: Uint8Array, versions: VersionsBaseline): Promise<void> {
    await this.run(async () => {
      await this.commits.settled()
      const rows = levelRows(this.#db)
      this.versions = isToBegin(versions, await readState(rows))
        ? await versionsAnew(rows, (writes) => writeDurably(this.#db, writes), key)
        : await knownVersions(rows, key)
      this.#versionsKey = key
      this.commits.keep(this.versions, await readState(rows))
    })
  }

  lease(): Lease {
    return SOLE_LEASE
  }

  sure(): Promise<void> {
    return Promise.resolve()
  }

  restOn(): void {
    // No other process changes it.
  }

  others(): Promise<readonly string[]> {
    return Promise.resolve([])
  }

  scrub(keys: readonly Key[]): Promise<void> {
    return scrub(this, keys, (part) => this.run(() => compact(this.#db, part)))
  }

  async retire(mark: string, version: Versionstamp): Promise<string | undefined> {
    this.assertUsable()
    if (this.version() !== version) return undefined
    let name = ''
    this.#leave = async () => {
      name = await this.#place.retire(mark, () => this.#db.close())
    }
    await this.close()
    return name
  }

  protected override ready(): Promise<void> | undefined {
    return this.#reopening
  }

  protected async roomFor(bytes: number): Promise<void> {
    await this.#place.room?.assertFor(bytes)
  }

  protected asError(error: unknown): unknown {
    return asStoreError(error)
  }

  protected async giveUp(): Promise<void> {
    this.#ending.abort()
    await this.#recovery
    this.#place.room?.close()
    await Promise.allSettled(this.running)
    this.views.wake()
    await this.#place.mark?.close()
    await this.#leave()
  }

  protected override assertUsable(): void {
    super.assertUsable()
    if (this.#down !== undefined) throw this.#down
    // What the system refused is readable all the same; of a disk that failed nobody knows.
    const { fault } = this.commits
    if (fault?.code === 'STORE_FAILED') throw fault
  }

  /** What the system refused passes, and then the database goes on by itself; other faults need a person. */
  #failed(fault: HindraError): void {
    const { code } = fault
    this.warn(`the store takes no writes: ${code}: ${fault.message}`)
    const { open, room } = this.#place
    if (code === 'STORE_FAILED' || open === undefined || room === undefined) return
    this.#recovery ??= this.#recover(open, room)
      .catch((error: unknown) => {
        this.warn(`the store stays as it is until a restart: ${String(error)}`)
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
          this.warn('the store takes writes again')
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
    this.endReadings(anew)
    this.sweeps = new AbortController()
    await Promise.allSettled(this.running)
    await this.commits.settled()
    try {
      await this.#db.close()
      const state = await open()
      const key = this.#versionsKey
      this.versions = key && (await knownVersions(levelRows(this.#db), key))
      this.views.restart(state)
      this.commits.restart(state, this.versions)
      this.#down = undefined
    } catch (error) {
      this.#down = toHindraError(asStoreError(error))
    }
  }
}
