import type { Pool, PoolClient } from 'pg'
import { toHindraError } from '../../errors.ts'
import type { Key, VersionsBaseline, Versionstamp } from '../port.ts'
import { readState, type StoreState } from '../state.ts'
import { type StoreOptions, TransactionalStore } from '../transactional-store.ts'
import { encodeKey } from '../tuple.ts'
import { ALONE_MS } from '../turnstile.ts'
import type { Lease } from '../lease.ts'
import { Leases } from '../leases.ts'
import { isToBegin, versionsAnew } from '../versions/open.ts'
import { asPostgresError, isCut, takenOver } from './errors.ts'
import { FollowedCommits } from './followed-commits.ts'
import { PostgresLeaseTable } from './lease.ts'
import { holdersBy, type Ownership } from './ownership.ts'
import { freesItselfAfter, type PostgresPlace } from './place.ts'
import { LOCKS, renameTables, TABLE } from './schema.ts'
import { Sequencer } from './sequencer.ts'
import { PostgresViews } from './views.ts'

const TAKE_TURN = `SELECT pg_advisory_xact_lock(${TABLE}, ${LOCKS.turn})`
/** A process that is frozen with its turn cannot end it in time: PostgreSQL does then. */
const TURN_ENDS_ITSELF = freesItselfAfter(2 * ALONE_MS, 'LOCAL')

interface Parts {
  readonly place: PostgresPlace
  readonly pool: Pool
  readonly state: StoreState
  /** Undefined where anybody may have the store meanwhile. */
  readonly ownership: Ownership | undefined
  /** How other processes call this one. */
  readonly process: string
  readonly patienceMs: number
}

/** A store in PostgreSQL, for any number of processes at once. */
export class PostgresStore extends TransactionalStore {
  readonly isShared = true
  protected readonly views: PostgresViews
  protected readonly commits: Sequencer
  readonly #followed: FollowedCommits
  readonly #leases: Leases
  readonly #place: PostgresPlace
  readonly #pool: Pool
  readonly #ownership: Ownership | undefined

  constructor(parts: Parts, options: StoreOptions) {
    super(options)
    const { place, pool, state, ownership, process, patienceMs } = parts
    this.#leases = new Leases(new PostgresLeaseTable(place), process, this.fences)
    this.#place = place
    this.#pool = pool
    this.#ownership = ownership
    this.#followed = new FollowedCommits(state, {
      moved: () => {
        this.views.wake()
      },
      oldest: () => {
        const [viewed, queued] = [this.views.oldestVersion, this.commits.oldest]
        return { written: viewed < queued ? viewed : queued, held: this.views.oldestHeld }
      },
    })
    this.commits = new Sequencer(place, this.#followed, this.changesKept, {
      owner: ownership?.token,
      patienceMs,
      warn: this.warn,
    })
    if (ownership !== undefined) {
      ownership.lost = () => {
        this.commits.refuse(takenOver())
      }
    }
    this.views = new PostgresViews(
      pool,
      this.#followed,
      (version) => this.commits.known(version),
      patienceMs,
    )
  }

  /** PostgreSQL compares the checksums of its pages itself, where the cluster has them. */
  check(): Promise<void> {
    return Promise.resolve()
  }

  async keepVersions(key: Uint8Array, versions: VersionsBaseline): Promise<void> {
    await this.run(async () => {
      await this.commits.settled()
      if (versions === 'known') {
        const view = await this.views.hold()
        await this.#followed.keep(view.rows, view.state, key).finally(() => {
          this.views.drop(view)
        })
        return
      }
      // Of processes that open a new store at once the first one begins them, under the lock of all.
      await this.commits.exclusively(async (rows, write) => {
        if (isToBegin(versions, await readState(rows))) await versionsAnew(rows, write, key)
        await this.#followed.keep(rows, await readState(rows), key)
      })
    })
  }

  lease(name: string): Lease {
    return this.#leases.of(name)
  }

  sure(): Promise<void> {
    return this.#leases.sure()
  }

  restOn(key: Key, changed: (value: Uint8Array | undefined) => void): void {
    this.#followed.restOn(encodeKey(key), (value) => {
      try {
        changed(value)
      } catch (error) {
        this.commits.refuse(toHindraError(error))
        throw error
      }
    })
  }

  override endWaiting(): void {
    this.#leases.endWaiting()
  }

  override leaseHolders(): Promise<Readonly<Record<string, string>>> {
    return this.#leases.table.holders()
  }

  async others(): Promise<readonly string[]> {
    const client = await this.#pool.connect()
    try {
      return (await holdersBy(client)).filter((name) => name !== this.#leases.holder)
    } finally {
      client.release()
    }
  }

  /**
   * What these keys held before is in no row any more. PostgreSQL keeps its bytes in dead rows, the log, dumps and
   * replicas for as long as those are kept: sealed, by keys that end with the next exchange of the data key.
   */
  scrub(): Promise<void> {
    return Promise.resolve()
  }

  /** The other processes find no tables from then on, and so can answer nothing as written. */
  async retire(mark: string, version: Versionstamp): Promise<string | undefined> {
    const name = await this.run(() =>
      this.commits.exclusively(async (rows, _write, client) => {
        const isAsItWas = (await readState(rows)).version === version
        return isAsItWas ? renameTables(client, this.#place, mark) : undefined
      }),
    )
    if (name !== undefined) await this.close()
    return name
  }

  protected override get versions() {
    return this.#followed.versions
  }

  protected roomFor(): Promise<void> {
    return Promise.resolve()
  }

  protected override alone<T>(work: () => Promise<T>): Promise<T> {
    return super.alone(async () => {
      await this.commits.settled()
      const end = await this.#takeTurn()
      try {
        return await work()
      } finally {
        await end()
      }
    })
  }

  protected override mayPass(error: unknown): boolean {
    return isCut(error)
  }

  protected asError(error: unknown): unknown {
    return asPostgresError(error)
  }

  protected async giveUp(): Promise<void> {
    this.views.wake()
    await Promise.allSettled(this.running)
    await this.commits.close()
    await this.views.close()
    await this.#leases.close()
    await this.#ownership?.release()
  }

  /** The batches of the other processes wait until it ends, but not for long: a hung one must not stop all. */
  async #takeTurn(): Promise<() => Promise<void>> {
    const client: PoolClient = await this.#pool.connect()
    let ended: Promise<void> | undefined
    const end = () => {
      clearTimeout(timer)
      ended ??= (async () => {
        this.commits.hasTurn = false
        await client.query('ROLLBACK').then(
          () => {
            client.release()
          },
          () => {
            client.release(true)
          },
        )
      })()
      return ended
    }
    try {
      await Promise.all(['BEGIN', TURN_ENDS_ITSELF, TAKE_TURN].map((text) => client.query(text)))
    } catch (error) {
      client.release(true)
      throw error
    }
    this.commits.hasTurn = true
    const timer = setTimeout(() => void end(), ALONE_MS)
    return end
  }
}
