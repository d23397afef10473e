import type { Client } from 'pg'
import type { LeaseTable } from '../leases.ts'
import { asPostgresError, isCut, isLockTimeout } from './errors.ts'
import { connect, type PostgresPlace } from './place.ts'
import { LOCKS, TABLE } from './schema.ts'

/** Commits that are under way hold the lock: whoever wants a lease gives up before its other leases expire. */
const PATIENCE = `SET lock_timeout = '1s'`
const LOOK = 'SELECT until < clock_timestamp() AS free, holder FROM leases WHERE name = $1'
/**
 * Raises the number while nothing is being committed, so that each commit knows the newest one. A number is never below
 * the time, or a server that went on without the last commits of another would give the same one to somebody else.
 */
const TAKE = `WITH alone AS MATERIALIZED (SELECT pg_advisory_xact_lock(${TABLE}, ${LOCKS.commit}))
  INSERT INTO leases SELECT $1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint, $2,
    clock_timestamp() + $3 * interval '1 ms' FROM alone
  ON CONFLICT (name) DO UPDATE SET number = greatest(leases.number + 1, EXCLUDED.number),
    holder = EXCLUDED.holder, until = EXCLUDED.until
  WHERE leases.until < clock_timestamp() RETURNING number`
const RENEW = `UPDATE leases SET until = clock_timestamp() + $3 * interval '1 ms' WHERE name = $1 AND number = $2`
const LET_GO = `UPDATE leases SET until = '-infinity' WHERE name = $1 AND number = $2`
const HELD = 'SELECT name, holder FROM leases WHERE until > clock_timestamp()'
const NUMBERS = 'SELECT name, number FROM leases'

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

/**
 * Rows whose end is a time of the database's clock, which all processes have in common. Each question is one statement
 * of one connection.
 */
export class PostgresLeaseTable implements LeaseTable {
  readonly #place: PostgresPlace
  #client: Client | undefined

  constructor(place: PostgresPlace) {
    this.#place = place
  }

  async holderOf(name: string): Promise<string | undefined> {
    const { rows } = await this.#query<{ free: boolean; holder: string }>(LOOK, [name])
    return rows[0]?.free === false ? rows[0].holder : undefined
  }

  async take(name: string, holder: string, forMs: number): Promise<string | undefined> {
    try {
      const { rows } = await this.#query<{ number: string }>(TAKE, [name, holder, forMs])
      return rows[0]?.number
    } catch (error) {
      if (!isLockTimeout(error)) throw error
      return undefined
    }
  }

  async renew(name: string, number: string, forMs: number): Promise<boolean> {
    return (await this.#query(RENEW, [name, number, forMs])).rowCount === 1
  }

  async letGo(name: string, number: string): Promise<void> {
    await this.#query(LET_GO, [name, number])
  }

  holders(): Promise<Readonly<Record<string, string>>> {
    return leaseHoldersBy({ query: (text) => this.#query<HeldRow>(text, []) })
  }

  async close(): Promise<void> {
    await this.#client?.end().catch(() => undefined)
    this.#client = undefined
  }

  async #query<Row extends object = never>(text: string, values: unknown[]) {
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
