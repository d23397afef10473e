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
  /** How long the oldest transaction is open that keeps what is dead from being cleaned, in s; 0 where none does. */
  readonly heldSeconds: number
  /** How many transactions began since the oldest state that something may still read, a replication slot too. */
  readonly heldTransactions: number
}

/**
 * What may still read an old state (PostgreSQL, "Routine Vacuuming"): open transactions of this database, prepared ones, and
 * replication slots. When a session began is told to its own role alone; what it may read is told to all.
 */
const HOLDERS = `
  SELECT extract(epoch FROM clock_timestamp() - xact_start) AS seconds, age(backend_xmin) AS transactions
    FROM pg_stat_activity
    WHERE backend_xmin IS NOT NULL AND pid <> pg_backend_pid() AND backend_type <> 'autovacuum worker'
      AND (datname = current_database() OR backend_type = 'walsender')
  UNION ALL
  SELECT extract(epoch FROM clock_timestamp() - prepared), age(transaction)
    FROM pg_prepared_xacts WHERE database = current_database()
  UNION ALL
  SELECT NULL, greatest(age(xmin), age(catalog_xmin)) FROM pg_replication_slots`

const FACTS = `WITH holders AS (${HOLDERS}) SELECT
  current_setting('server_version') AS version,
  current_setting('fsync')::bool AND current_setting('full_page_writes')::bool AS syncs,
  current_setting('data_checksums')::bool AS "hasChecksums",
  coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS encrypted,
  inet_server_addr() IS NOT NULL AND NOT inet_server_addr() <<= '127.0.0.0/8'
    AND inet_server_addr() <> '::1' AS remote,
  pg_database_size(current_database())::float8 AS bytes,
  coalesce((SELECT max(seconds) FROM holders), 0)::float8 AS "heldSeconds",
  coalesce((SELECT max(transactions) FROM holders), 0)::float8 AS "heldTransactions"`

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
