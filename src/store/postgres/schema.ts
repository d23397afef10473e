import type { ClientBase } from 'pg'
import { HindraError } from '../../errors.ts'
import type { PostgresPlace } from './place.ts'

/** Of the tables; what is in them has a format of its own. */
const FORMAT = '1'

/** Locks of the store in its database, by the number of its table and one of these. */
export const LOCKS = { commit: 1, turn: 2, owner: 3 } as const

/** Of the tables. */
const NAMES = ['pairs', 'batches', 'facts', 'leases'] as const

/** The fact that names the restoration whose rows are in `pairs` while these are no store yet. */
export const RESTORING = 'restoring'

/** What the functions for locks are given first. */
export const TABLE = `'pairs'::regclass::oid::int`

/**
 * All that the store is made of is in `pairs`, as LevelDB has it in its files. `batches` names batches of
 * commits, by which a process learns whether one became durable after its connection was cut.
 */
const TABLES = `
CREATE TABLE pairs (
  key bytea PRIMARY KEY,
  value bytea NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 10000);
ALTER TABLE pairs ALTER value SET STORAGE EXTERNAL;
CREATE TABLE batches (id uuid PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE facts (name text PRIMARY KEY, value text NOT NULL);
INSERT INTO facts VALUES ('format', '${FORMAT}'), ('owner', '0'), ('owner name', '');
`
/** Of the same format: who does not know it has the store alone. */
const LEASES = `CREATE TABLE IF NOT EXISTS leases (
  name text PRIMARY KEY,
  number bigint NOT NULL,
  holder text NOT NULL,
  until timestamptz NOT NULL
)`
/** Batches of processes that are long gone. */
const FORGET = `DELETE FROM batches WHERE at < now() - interval '7 days'`

/** Whether somebody has made a store there: one that was broken off has left tables at most. */
export async function hasRows(client: ClientBase, place: PostgresPlace): Promise<boolean> {
  if (!(await hasTables(client, place))) return false
  const { rows } = await client.query('SELECT FROM pairs LIMIT 1')
  return rows.length > 0
}

/** The greatest key of all rows. */
export async function lastKey(client: ClientBase): Promise<Buffer | undefined> {
  const { rows } = await client.query<{ key: Buffer }>(
    'SELECT key FROM pairs ORDER BY key DESC LIMIT 1',
  )
  return rows[0]?.key
}

export function emptyPairs(client: ClientBase): Promise<unknown> {
  return client.query('TRUNCATE pairs')
}

async function hasTables(client: ClientBase, { schema }: PostgresPlace): Promise<boolean> {
  const text = 'SELECT to_regclass($1) IS NOT NULL AS found'
  const { rows } = await client.query<{ found: boolean }>(text, [`${schema}.pairs`])
  return rows[0]?.found === true
}

/** Makes the tables where there are none. Throws STORE_FORMAT where another version made them. */
export async function makeTables(client: ClientBase, place: PostgresPlace): Promise<void> {
  const { schema } = place
  await client.query('BEGIN')
  try {
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('hindra'), hashtext($1))`, [schema])
    if (!(await hasTables(client, place))) {
      // Who may not make schemas has been given one.
      const { rows } = await client.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema])
      if (rows.length === 0) await client.query(`CREATE SCHEMA ${schema}`)
      await client.query(TABLES)
    }
    const format = await factOf(client, 'format')
    if (format !== FORMAT) {
      const message = `the tables of schema ${schema} have format ${String(format)}, this reads ${FORMAT}`
      throw new HindraError('STORE_FORMAT', message)
    }
    await client.query(LEASES)
    await client.query(FORGET)
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

export async function dropTables(client: ClientBase): Promise<void> {
  await client.query(`DROP TABLE ${NAMES.join(', ')}`)
}

/** @param mark Digits */
export async function renameTables(
  client: ClientBase,
  { schema }: PostgresPlace,
  mark: string,
): Promise<string> {
  const renamed = (table: string) => `ALTER TABLE ${table} RENAME TO ${table}_moved_${mark}`
  await client.query(NAMES.map(renamed).join('; '))
  return `tables ${schema}.*_moved_${mark}`
}

export async function factOf(client: ClientBase, name: string): Promise<string | undefined> {
  const { rows } = await client.query<{ value: string }>({
    name: 'fact',
    text: 'SELECT value FROM facts WHERE name = $1',
    values: [name],
  })
  return rows[0]?.value
}

export function setFact(client: ClientBase, name: string, value: string): Promise<unknown> {
  return client.query(
    'INSERT INTO facts VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value',
    [name, value],
  )
}

export function dropFact(client: ClientBase, name: string): Promise<unknown> {
  return client.query('DELETE FROM facts WHERE name = $1', [name])
}

/**
 * Names the history that the server goes on with: another one after a failover (the timeline), a restored base
 * backup (the timeline) and a restored dump (the table is another one). Throws where the server is a replica.
 */
export async function historyOf(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ history: string }>(
    `SELECT concat_ws('/', (SELECT system_identifier FROM pg_control_system()),
       left(pg_walfile_name(pg_current_wal_lsn()), 8), 'pairs'::regclass::oid) AS history`,
  )
  return rows[0]?.history ?? ''
}

/** Whether a history is of the same cluster and table: then its write-ahead log is that of the one before up to a point. */
export function followsFrom(before: string, history: string): boolean {
  const [system, , table] = history.split('/')
  const [systemBefore, , tableBefore] = before.split('/')
  return system === systemBefore && table === tableBefore
}
