import { leaseHoldersBy } from './lease.ts'
import { holdersBy } from './ownership.ts'
import { readPlace, withClient } from './place.ts'

/** How a server is set up, as far as a store depends on it. */
export interface DatabaseFacts {
  /** As `server_version` has it: 17.5 (Debian ...) */
  readonly version: string
  /** Whether what was answered as durable outlives a power cut. */
  readonly syncs: boolean
  /** Whether it notices that its disk has changed a page. */
  readonly hasChecksums: boolean
  /** Whether this connection is encrypted, and whether it leaves the machine. */
  readonly encrypted: boolean
  readonly remote: boolean
  /** Of the whole database. */
  readonly bytes: number
}

const FACTS = `SELECT
  current_setting('server_version') AS version,
  current_setting('fsync')::bool AND current_setting('full_page_writes')::bool AS syncs,
  current_setting('data_checksums')::bool AS "hasChecksums",
  coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS encrypted,
  inet_server_addr() IS NOT NULL AND NOT inet_server_addr() <<= '127.0.0.0/8'
    AND inet_server_addr() <> '::1' AS remote,
  pg_database_size(current_database())::float8 AS bytes`

/** Throws INVALID_CONFIG, STORE_UNAVAILABLE. */
export function databaseFacts(url: string): Promise<DatabaseFacts> {
  return withClient(readPlace(url), async (client) => {
    const { rows } = await client.query<DatabaseFacts>(FACTS)
    const [facts] = rows
    if (facts === undefined) throw new Error('a SELECT without FROM has one row')
    return facts
  })
}

/** Who has a store open, by its own account. */
export interface StoreUsers {
  /** Names of the processes. */
  readonly processes: readonly string[]
  /** Who holds each lease now. */
  readonly leases: Readonly<Record<string, string>>
  /** How far the clock of PostgreSQL is ahead of this machine's, in ms. */
  readonly aheadMs: number
}

/** @param now Of this machine. Throws INVALID_CONFIG, STORE_UNAVAILABLE. */
export function storeUsers(url: string, now: () => number): Promise<StoreUsers> {
  return withClient(readPlace(url), async (client) => {
    const leases = await leaseHoldersBy(client)
    const processes = await holdersBy(client)
    const askedMs = now()
    const { rows } = await client.query<{ ms: number }>(
      'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms',
    )
    const aheadMs = (rows[0]?.ms ?? askedMs) - (askedMs + now()) / 2
    return { processes, leases, aheadMs }
  })
}
