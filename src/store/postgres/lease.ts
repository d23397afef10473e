import type { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { HindraError } from '../../errors.ts'
import type { Fence, Lease } from '../lease.ts'
import { asPostgresError, isCut, isLockTimeout } from './errors.ts'
import { connect, type PostgresPlace, RETRY_EACH_MS } from './place.ts'
import { LOCKS, TABLE } from './schema.ts'

/** Not renewed for so long, by the clock of the database, it is anybody's. */
const EXPIRES_MS = 7_000
const RENEW_EACH_MS = 1_500
/** Renewed within this, by the own monotonic clock, it is surely held: a renewal counts from when it was asked for. */
const SURE_MS = 4_500

/** Commits that are under way hold the lock: whoever wants a lease gives up before its other leases expire. */
const PATIENCE = `SET lock_timeout = '1s'`
const LOOK = 'SELECT until < clock_timestamp() AS free, holder FROM leases WHERE name = $1'
/** Raises the number while nothing is being committed, so that each commit knows the newest one. */
const TAKE = `WITH alone AS MATERIALIZED (SELECT pg_advisory_xact_lock(${TABLE}, ${LOCKS.commit}))
  INSERT INTO leases SELECT $1, 1, $2, clock_timestamp() + $3 * interval '1 ms' FROM alone
  ON CONFLICT (name) DO UPDATE SET number = leases.number + 1, holder = EXCLUDED.holder, until = EXCLUDED.until
  WHERE leases.until < clock_timestamp() RETURNING number`
const RENEW = `UPDATE leases SET until = clock_timestamp() + $3 * interval '1 ms' WHERE name = $1 AND number = $2`
const LET_GO = `UPDATE leases SET until = '-infinity' WHERE name = $1 AND number = $2`
const HELD = 'SELECT name, holder FROM leases WHERE until > clock_timestamp()'
const NUMBERS = 'SELECT name, number FROM leases'

/** By which leases what runs now is done. */
export type Fences = AsyncLocalStorage<readonly Fence[]>

/** The newest number of each lease; under the lock of all commits nobody raises one. */
export async function leaseNumbers(client: Client): Promise<ReadonlyMap<string, string>> {
  const query = { name: 'leases', text: NUMBERS }
  const { rows } = await client.query<{ name: string; number: string }>(query)
  return new Map(rows.map(({ name, number }) => [name, number]))
}

interface HeldRow {
  readonly name: string
  readonly holder: string
}

/** Who holds each lease now. */
export async function leaseHoldersBy(client: {
  query(text: string): Promise<{ readonly rows: HeldRow[] }>
}): Promise<Readonly<Record<string, string>>> {
  const { rows } = await client.query(HELD)
  return Object.fromEntries(rows.map(({ name, holder }) => [name, holder]))
}

export function leaseElsewhere(name: string, holder = 'another process'): HindraError {
  return new HindraError('LEASE_ELSEWHERE', `${holder} does the ${name} of this house`)
}

/**
 * The leases that a process takes: rows whose end is a time of the database's clock, which all processes have in
 * common. Each question is one statement of one connection.
 */
export class PostgresLeases {
  readonly fences: Fences
  /** How other processes call this one. */
  readonly holder: string
  readonly #place: PostgresPlace
  readonly #leases = new Map<string, PostgresLease>()
  #client: Client | undefined

  constructor(place: PostgresPlace, holder: string, fences: Fences) {
    this.#place = place
    this.holder = holder
    this.fences = fences
  }

  /** The one of this name. */
  of(name: string): PostgresLease {
    const lease = this.#leases.get(name) ?? new PostgresLease(name, this)
    this.#leases.set(name, lease)
    return lease
  }

  /** See `Store.sure`. */
  async sure(): Promise<void> {
    for (const { lease, number } of this.fences.getStore() ?? []) await this.of(lease).sure(number)
  }

  async close(): Promise<void> {
    for (const lease of this.#leases.values()) await lease.letGo()
    await this.#client?.end().catch(() => undefined)
    this.#client = undefined
  }

  /** See `Store.leaseHolders`. */
  holders(): Promise<Readonly<Record<string, string>>> {
    return leaseHoldersBy({ query: (text) => this.query<HeldRow>(text, []) })
  }

  async query<Row extends object = never>(text: string, values: unknown[]) {
    let client = this.#client
    try {
      client ??= await this.#connect()
      return await client.query<Row>(text, values)
    } catch (error) {
      if (client !== undefined && isCut(error)) this.#drop(client)
      throw asPostgresError(error)
    }
  }

  async #connect(): Promise<Client> {
    const client = await connect(this.#place)
    client.on('end', () => {
      this.#drop(client)
    })
    await client.query(PATIENCE)
    this.#client = client
    return client
  }

  #drop(client: Client): void {
    if (this.#client !== client) return
    this.#client = undefined
    void client.end().catch(() => undefined)
  }
}

/** A lease from when it was taken until it was let go or lost. */
interface Held {
  readonly number: string
  /** When the newest renewal that was granted was asked for, by the own monotonic clock. */
  renewedMs: number
  isLost: boolean
  readonly ending: AbortController
}

class PostgresLease implements Lease {
  readonly #name: string
  readonly #all: PostgresLeases
  readonly #losing = new AbortController()
  readonly lost: AbortSignal = this.#losing.signal
  #held: Held | undefined
  #isKept = false
  #users = 0
  #taking: Promise<Held | undefined> | undefined
  #renewing: Promise<void> | undefined

  constructor(name: string, all: PostgresLeases) {
    this.#name = name
    this.#all = all
  }

  async keep(): Promise<boolean> {
    const held = await this.#taken()
    this.#isKept ||= held !== undefined
    return held !== undefined
  }

  async run<T>(work: () => Promise<T>, { waits = false } = {}): Promise<T> {
    this.#users += 1
    try {
      let held = await this.#taken()
      while (held === undefined && waits) {
        await sleep(RETRY_EACH_MS)
        held = await this.#taken()
      }
      if (held === undefined) throw leaseElsewhere(this.#name, await this.#otherHolder())
      const { fences } = this.#all
      const fence = { lease: this.#name, number: held.number }
      return await fences.run([...(fences.getStore() ?? []), fence], work)
    } finally {
      this.#users -= 1
      if (this.#users === 0 && !this.#isKept) await this.letGo()
    }
  }

  /** Waits until it was renewed a short time ago. Throws LEASE_ELSEWHERE where it is not what it was by this number. */
  async sure(number: string): Promise<void> {
    for (;;) {
      const held = this.#held
      if (held?.number !== number || held.isLost) throw leaseElsewhere(this.#name)
      if (performance.now() - held.renewedMs < SURE_MS) return
      await this.#renew(held)
      if (performance.now() - held.renewedMs >= SURE_MS) await sleep(RETRY_EACH_MS)
    }
  }

  async letGo(): Promise<void> {
    const held = this.#held
    if (held === undefined) return
    this.#held = undefined
    held.ending.abort()
    await this.#renewing
    // Where it cannot be said, it expires.
    await this.#all.query(LET_GO, [this.#name, held.number]).catch(() => undefined)
  }

  #taken(): Promise<Held | undefined> {
    this.#taking ??= this.#take().finally(() => {
      this.#taking = undefined
    })
    return this.#taking
  }

  /** Undefined where another process has it. */
  async #take(): Promise<Held | undefined> {
    if (this.#held?.isLost === false) return this.#held
    if (this.#held !== undefined && this.#isKept) return undefined
    if ((await this.#otherHolder()) !== undefined) return undefined
    const renewedMs = performance.now()
    const values = [this.#name, this.#all.holder, EXPIRES_MS]
    const number = await this.#all.query<{ number: string }>(TAKE, values).then(
      ({ rows }) => rows[0]?.number,
      (error: unknown) => {
        if (!isLockTimeout(error)) throw error
        return undefined
      },
    )
    if (number === undefined) return undefined
    const held = { number, renewedMs, isLost: false, ending: new AbortController() }
    this.#held = held
    void this.#renewUntilEnd(held)
    return held
  }

  /** Undefined where it is free. */
  async #otherHolder(): Promise<string | undefined> {
    const { rows } = await this.#all.query<{ free: boolean; holder: string }>(LOOK, [this.#name])
    return rows[0]?.free === false ? rows[0].holder : undefined
  }

  async #renewUntilEnd(held: Held): Promise<void> {
    const { signal } = held.ending
    const isOver = () => signal.aborted || held.isLost
    for (;;) {
      await sleep(RENEW_EACH_MS, undefined, { signal, ref: false }).catch(() => undefined)
      if (isOver()) return
      await this.#renew(held)
    }
  }

  /** Whoever waits for it shares one. Where it cannot be asked for it is not renewed, and soon asked for again. */
  #renew(held: Held): Promise<void> {
    this.#renewing ??= this.#askFor(held)
      .catch(() => undefined)
      .finally(() => {
        this.#renewing = undefined
      })
    return this.#renewing
  }

  async #askFor(held: Held): Promise<void> {
    const askedMs = performance.now()
    const { rowCount } = await this.#all.query(RENEW, [this.#name, held.number, EXPIRES_MS])
    if (rowCount === 1) {
      held.renewedMs = askedMs
      return
    }
    held.isLost = true
    if (this.#isKept) this.#losing.abort()
  }
}
