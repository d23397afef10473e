import type { ClientBase } from 'pg'
import { STATE_KEY } from '../layout.ts'
import type { Versionstamp } from '../port.ts'
import {
  behind,
  PAGE_BYTES_MAX,
  pageSizes,
  type StoredRow,
  type RowRange,
  type Rows,
  type RowWrite,
} from '../rows.ts'

const NOTHING = Buffer.alloc(0)
/** Of keys and values in one statement. */
const STATEMENT_BYTES = 4 * 1024 * 1024

/**
 * What the store knows of itself is a new row with each commit, found from its newest end: a row that is written
 * anew with each would be looked for among all its dead copies, as long as anybody reads an old snapshot.
 */
const STATE = `SELECT value FROM pairs WHERE key >= 's' AND key < 't' ORDER BY key DESC LIMIT 1`
/**
 * The copy of a row that is there, from the newest end of its copies. A counter has a new one with each batch, which
 * PostgreSQL keeps as long as anybody reads an old snapshot: from the oldest end each look would pass all of them.
 */
const copyOf = (key: string, shown: string) =>
  `SELECT ${shown} FROM pairs WHERE pairs.key >= ${key} AND pairs.key <= ${key} ORDER BY pairs.key DESC LIMIT 1`
const GET = copyOf('$1', 'value')
const GET_MANY = `SELECT asked.key, found.value
  FROM unnest($1::bytea[]) AS asked (key), LATERAL (${copyOf('asked.key', 'value')}) AS found`
const PUT = `INSERT INTO pairs SELECT * FROM unnest($1::bytea[], $2::bytea[])
  ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value`
/** The same of counters: whoever looks for a conflict begins at the oldest copy. */
const COUNT = `WITH counted AS MATERIALIZED (
    SELECT key, value, (${copyOf('asked.key', 'ctid')}) AS place FROM unnest($1::bytea[], $2::bytea[]) AS asked (key, value)
  ), again AS (UPDATE pairs SET value = counted.value FROM counted WHERE pairs.ctid = counted.place)
  INSERT INTO pairs SELECT key, value FROM counted WHERE place IS NULL`
const DELETE = 'DELETE FROM pairs WHERE key = ANY ($1::bytea[])'

/** A page ends with the row that is past its bytes, as those before it say. */
const pageOf = (order: 'ASC' | 'DESC') => `SELECT key, value FROM (
  SELECT key, value, sum(octet_length(value)) OVER (
    ORDER BY key ${order} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
  ) AS before FROM (
    SELECT key, value FROM pairs WHERE key >= $1 AND key < $2 ORDER BY key ${order} LIMIT $3
  ) AS page
) AS sized WHERE before IS NULL OR before < ${PAGE_BYTES_MAX}`
const keysOf = (order: 'ASC' | 'DESC') =>
  `SELECT key FROM pairs WHERE key >= $1 AND key < $2 ORDER BY key ${order} LIMIT $3`

/** What the transaction of a connection sees; each asks without waiting for what was asked before. */
export function postgresRows(client: ClientBase): Rows {
  return {
    async get(key) {
      const query = key.equals(STATE_KEY)
        ? { name: 'state', text: STATE }
        : { name: 'get', text: GET, values: [key] }
      const found = await client.query<{ value: Buffer }>(query)
      return found.rows[0]?.value
    },
    async getMany(keys) {
      const found = await client.query<{ key: Buffer; value: Buffer }>({
        name: 'get-many',
        text: GET_MANY,
        values: [keys],
      })
      const byKey = new Map(found.rows.map(({ key, value }) => [key.toString('latin1'), value]))
      return keys.map((key) => byKey.get(key.toString('latin1')))
    },
    async *pages({ gte, lt, limit, reverse = false, values = true }) {
      let range: Pick<RowRange, 'gte' | 'lt'> = { gte, lt }
      for (const size of pageSizes(limit)) {
        const page = await readPage(client, range, { size, reverse, values })
        const last = page.at(-1)
        if (last === undefined) return
        yield page.map(asStored)
        if (isLast(page, size)) return
        range = reverse ? { gte, lt: last[0] } : { gte: behind(last[0]), lt }
      }
    },
  }
}

/** Where the state of a version lies. */
function stateKey(version: Versionstamp): Buffer {
  return Buffer.concat([STATE_KEY, Buffer.from(version)])
}

/** A row as it is everywhere else. */
function asStored([key, value]: StoredRow): StoredRow {
  return [key[0] === STATE_KEY[0] ? STATE_KEY : key, value]
}

/**
 * The same writes, the state of one version in the place of that of another.
 *
 * @param before Whose state lies there now; undefined where none does
 */
export function withState(
  writes: readonly RowWrite[],
  {
    before,
    version,
  }: { readonly before: Versionstamp | undefined; readonly version: Versionstamp },
): readonly RowWrite[] {
  const placed = writes.map((write) =>
    write.key.equals(STATE_KEY) ? { ...write, key: stateKey(version) } : write,
  )
  if (before === undefined || before === version) return placed
  return [...placed, { key: stateKey(before), value: undefined }]
}

/** Sends all of it at once; each promise resolves when its part was answered. Undefined deletes. */
export function writeRows(client: ClientBase, writes: readonly RowWrite[]): Promise<unknown>[] {
  const gone = writes.filter(({ value }) => value === undefined).map(({ key }) => key)
  const sent: Promise<unknown>[] = []
  if (gone.length > 0) sent.push(client.query({ name: 'delete', text: DELETE, values: [gone] }))
  for (const [name, text, isCounter] of [
    ['put', PUT, false],
    ['count', COUNT, true],
  ] as const) {
    const ofThese = writes.filter((write) => (write.isCounter ?? false) === isCounter)
    for (const { keys, values } of statements(ofThese)) {
      sent.push(client.query({ name, text, values: [keys, values] }))
    }
  }
  return sent
}

function* statements(writes: readonly RowWrite[]) {
  let part = { keys: [] as Buffer[], values: [] as Buffer[] }
  let bytes = 0
  for (const { key, value } of writes) {
    if (value === undefined) continue
    part.keys.push(key)
    part.values.push(value)
    bytes += key.length + value.length
    if (bytes < STATEMENT_BYTES) continue
    yield part
    part = { keys: [], values: [] }
    bytes = 0
  }
  if (part.keys.length > 0) yield part
}

interface PageOptions {
  readonly size: number
  readonly reverse: boolean
  readonly values: boolean
}

async function readPage(
  client: ClientBase,
  { gte, lt }: Pick<RowRange, 'gte' | 'lt'>,
  { size, reverse, values }: PageOptions,
): Promise<StoredRow[]> {
  const order = reverse ? 'DESC' : 'ASC'
  const found = await client.query<{ key: Buffer; value?: Buffer }>({
    name: `${values ? 'page' : 'keys'}-${order}`,
    text: values ? pageOf(order) : keysOf(order),
    values: [gte, lt, size],
  })
  return found.rows.map(({ key, value = NOTHING }) => [key, value])
}

/** Fewer than were asked for, and not because of their bytes. */
function isLast(page: readonly StoredRow[], size: number): boolean {
  if (page.length >= size) return false
  return page.reduce((sum, [, value]) => sum + value.length, 0) < PAGE_BYTES_MAX
}
