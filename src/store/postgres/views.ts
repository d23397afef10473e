import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import { STATE_KEY } from '../layout.ts'
import type { Versionstamp } from '../port.ts'
import type { Rows, RowsAtOnce } from '../rows.ts'
import { stateOf, type StoreState } from '../state.ts'
import { type Readers, type StoreView, Views } from '../views.ts'
import { isCut, wentBack } from './errors.ts'
import type { FollowedCommits } from './followed-commits.ts'
import { RECONNECT_EACH_MS } from './place.ts'
import { postgresRows } from './rows.ts'

/** Between looks at what other processes have committed, while somebody waits for it. */
const POLL_MS = 50
/** A connection that has not begun by then is given up for another: nothing comes back on one that is half open. */
const BEGIN = { text: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', query_timeout: 2_000 }

/** What a connection sees, and since when. */
interface Moment {
  readonly rows: RowsAtOnce
  readonly state: StoreState
  /** By `performance.now()`: it shows no less than was durable then. */
  readonly askedAt: number
}

interface Opening {
  readonly readers: Readers
  /** What was known when it was asked for: the view shows no less. */
  readonly since: StoreState
  readonly view: Promise<StoreView>
}

/**
 * Each view is a transaction of PostgreSQL that only reads (REPEATABLE READ), opened after it was asked for, so
 * that it shows whatever any process was answered before. Those who ask while one is being opened share the next.
 */
export class PostgresViews extends Views {
  readonly #pool: Pool
  readonly #followed: FollowedCommits
  /** Resolves once a commit of this process is known here that is visible to all already. */
  readonly #known: (version: Versionstamp) => Promise<void>
  readonly #patienceMs: number
  readonly #ending = new AbortController()
  readonly #openings = new Set<Opening>()
  #next: Opening | undefined
  #waiting = 0
  #checkedAt = Number.NEGATIVE_INFINITY
  #polling: Promise<void> | undefined

  constructor(
    pool: Pool,
    followed: FollowedCommits,
    known: (version: Versionstamp) => Promise<void>,
    patienceMs: number,
  ) {
    super()
    this.#patienceMs = patienceMs
    this.#pool = pool
    this.#followed = followed
    this.#known = known
  }

  get state(): StoreState {
    return this.#followed.state
  }

  /** Whatever was durable before the newest view that was read was asked for is known. */
  override get checkedAt(): number {
    return this.#checkedAt
  }

  override async moved(signal: AbortSignal): Promise<void> {
    this.#waiting += 1
    this.#polling ??= this.#poll().finally(() => {
      this.#polling = undefined
    })
    try {
      await super.moved(signal)
    } finally {
      this.#waiting -= 1
    }
  }

  async close(): Promise<void> {
    this.#ending.abort()
    this.wake()
    await this.#polling
    await this.#pool.end()
  }

  protected async enter(as: keyof Readers): Promise<StoreView> {
    const opening = this.#next ?? this.#begin()
    opening.readers[as] += 1
    return opening.view
  }

  #begin(): Opening {
    const readers = { writing: 0, reading: 0 }
    const since = this.#followed.state
    const closed = () => {
      if (this.#next === opening) this.#next = undefined
    }
    const view = this.#open(since.version, closed).then((opened) => {
      this.add(opened, readers)
      return opened
    })
    const opening: Opening = { readers, since, view }
    this.#next = opening
    this.#openings.add(opening)
    // Those who wait for it are told as well.
    void view
      .catch(() => undefined)
      .then(() => {
        closed()
        this.#openings.delete(opening)
      })
    return opening
  }

  /** @param closed Called when nobody may join any more */
  async #open(since: Versionstamp, closed: () => void): Promise<StoreView> {
    const { rows, state, askedAt } = await this.#moment(closed)
    try {
      if (state.version < since) throw wentBack()
      await this.#known(state.version)
      await this.#followed.catchUp(rows, state)
      this.#checkedAt = Math.max(this.#checkedAt, askedAt)
      return { rows, state, written: this.#followed.written }
    } catch (error) {
      await rows.close()
      throw error
    }
  }

  /** A connection that sees one moment, which is not before the last who joined has asked for it. */
  async #moment(closed: () => void): Promise<Moment> {
    const until = performance.now() + this.#patienceMs
    for (let isFirst = true; ; isFirst = false) {
      let client: PoolClient | undefined
      try {
        client = await this.#pool.connect()
        // Who comes later may have been answered something that this one does not show.
        closed()
        const askedAt = performance.now()
        const begun = client.query(BEGIN)
        const rows = snapshotOf(client)
        const [, bytes] = await Promise.all([begun, rows.get(STATE_KEY)])
        return { rows, state: stateOf(bytes), askedAt }
      } catch (error) {
        client?.release(true)
        // Of a process that was frozen the time is up when it is woken, and nobody has said anything yet.
        const isOver = this.#ending.signal.aborted || (!isFirst && performance.now() > until)
        if (!isCut(error) || isOver) throw error
        await sleep(RECONNECT_EACH_MS, undefined, { signal: this.#ending.signal }).catch(
          () => undefined,
        )
      }
    }
  }

  async #poll(): Promise<void> {
    const { signal } = this.#ending
    while (this.#waiting > 0 && !signal.aborted) {
      await sleep(POLL_MS, undefined, { signal, ref: false }).catch(() => undefined)
      // Opening one is what reads on; a server that is away for long is seen by those who ask it.
      await this.enter('reading').then(
        (view) => {
          this.drop(view)
        },
        () => undefined,
      )
    }
  }

  /** A view that is being opened counts as well, whether it is to be written by or only read. */
  protected override oldest(isMeant: (readers: Readers) => boolean): StoreState {
    let oldest = super.oldest(isMeant)
    for (const { since } of this.#openings) if (since.version < oldest.version) oldest = since
    return oldest
  }
}

/** What its transaction sees, until it is given back. */
function snapshotOf(client: PoolClient): RowsAtOnce {
  const rows: Rows = postgresRows(client)
  return {
    ...rows,
    async close() {
      try {
        await client.query('COMMIT')
        client.release()
      } catch {
        client.release(true)
      }
    },
  }
}
