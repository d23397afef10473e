import type { Client } from 'pg'
import { HindraError } from '../../errors.ts'
import type { Key, Store, StoredPair } from '../port.ts'
import { dataKey, STATE_KEY } from '../layout.ts'
import { readState, stateOf } from '../state.ts'
import type { StoreOptions } from '../transactional-store.ts'
import { encodeKey } from '../tuple.ts'
import { asPostgresError } from './errors.ts'
import { Ownership } from './ownership.ts'
import { openPool, PATIENCE_MS, readPlace, withClient } from './place.ts'
import { PostgresStore } from './postgres-store.ts'
import { postgresRows, withState, writeRows } from './rows.ts'
import { dropTables, hasRows, historyOf, makeTables, renameTables, setFact } from './schema.ts'

/** Connections that read, beside the one that commits: as many transactions can be under way at different moments. */
const READERS_MAX = 20
/** Of rows in one go. */
const RESTORED_BYTES = 4 * 1024 * 1024

export interface PostgresStoreOptions extends StoreOptions {
  /** `postgres://host/database?schema=name`; the tables are made where they are missing. */
  readonly url: string
  /** Name of the process that alone may have the store, for who finds it taken; undefined where many may have it. */
  readonly owner?: string
  readonly connectionsMax?: number
  /** How long a server that is away is waited for, and a process that is frozen in the midst of a commit. */
  readonly patienceMs?: number
}

/**
 * A store in PostgreSQL. Throws INVALID_CONFIG, STORE_UNAVAILABLE, STORE_FORMAT, STORE_CORRUPT, and STORE_LOCKED
 * where another process has it and both want it alone.
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const place = readPlace(options.url)
  const closing: (() => Promise<unknown>)[] = []
  try {
    const state = await withClient(place, async (client) => {
      await makeTables(client, place)
      await noteHistory(client)
      return readState(postgresRows(client))
    })
    const ownership = options.owner === undefined ? undefined : new Ownership(place)
    closing.push(async () => ownership?.release())
    await ownership?.take(options.owner ?? '')
    const pool = await openPool(place, options.connectionsMax ?? READERS_MAX)
    const { patienceMs = PATIENCE_MS } = options
    return new PostgresStore({ place, pool, state, ownership, patienceMs }, options)
  } catch (error) {
    for (const close of closing) await close()
    throw asPostgresError(error)
  }
}

/** Whether a store is there. Throws INVALID_CONFIG, STORE_UNAVAILABLE. */
export async function hasPostgresStore(url: string): Promise<boolean> {
  const place = readPlace(url)
  try {
    return await withClient(place, (client) => hasRows(client, place))
  } catch (error) {
    throw asPostgresError(error)
  }
}

/**
 * Makes a store of what `dump` gave, with some keys put anew, all of it or nothing; followers read it anew. Throws
 * ALREADY_INITIALISED where one is there.
 */
export async function restorePostgresStore(
  url: string,
  pairs: AsyncIterable<StoredPair>,
  anew: readonly { readonly key: Key; readonly value: Uint8Array }[] = [],
): Promise<void> {
  const place = readPlace(url)
  try {
    await withClient(place, async (client) => {
      await makeTables(client, place)
      await client.query('BEGIN')
      await client.query('LOCK TABLE pairs')
      const { rows } = await client.query('SELECT FROM pairs LIMIT 1')
      if (rows.length > 0) {
        throw new HindraError('ALREADY_INITIALISED', `there is a store in schema ${place.schema}`)
      }
      for await (const part of parts(pairs)) {
        const state = part.find(({ key }) => key.equals(STATE_KEY))
        const { version } = stateOf(state?.value)
        await Promise.all(writeRows(client, withState(part, { before: undefined, version })))
      }
      const last = anew.map(({ key, value }) => ({
        key: dataKey(encodeKey(key)),
        value: Buffer.from(value),
      }))
      await Promise.all(writeRows(client, last))
      // Another history than that of the dump: cursors of before are told so.
      await setFact(client, 'history', 'restored')
      await client.query('COMMIT')
    })
  } catch (error) {
    throw asPostgresError(error)
  }
}

/** Takes away a store that was just made; the schema may be somebody else's, and stays. */
export async function removePostgresStore(url: string): Promise<void> {
  const place = readPlace(url)
  try {
    await withClient(place, (client) => dropTables(client))
  } catch (error) {
    throw asPostgresError(error)
  }
}

/** Its tables have another name from then on, which is answered. */
export async function retirePostgresStore(url: string, mark: string): Promise<string> {
  const place = readPlace(url)
  try {
    return await withClient(place, (client) => renameTables(client, place, mark))
  } catch (error) {
    throw asPostgresError(error)
  }
}

/** A store that is new has the history of its server; else a commit finds out whether it is another one. */
async function noteHistory(client: Client): Promise<void> {
  const history = await historyOf(client)
  await client.query(`INSERT INTO facts VALUES ('history', $1) ON CONFLICT DO NOTHING`, [history])
}

async function* parts(pairs: AsyncIterable<StoredPair>) {
  let part: { key: Buffer; value: Buffer }[] = []
  let bytes = 0
  for await (const { key, value } of pairs) {
    part.push({ key: Buffer.from(key), value: Buffer.from(value) })
    bytes += key.length + value.length
    if (bytes < RESTORED_BYTES) continue
    yield part
    part = []
    bytes = 0
  }
  yield part
}
