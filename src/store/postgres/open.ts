import type { Client } from 'pg'
import { HindraError } from '../../errors.ts'
import { STATE_KEY } from '../layout.ts'
import type { Pair, Store, StoredPair } from '../port.ts'
import { inParts } from '../restored-rows.ts'
import { readState, stateOf } from '../state.ts'
import type { StoreOptions } from '../transactional-store.ts'
import { asPostgresError } from './errors.ts'
import { Ownership } from './ownership.ts'
import { openPool, PATIENCE_MS, readPlace, withClient } from './place.ts'
import { PostgresStore } from './postgres-store.ts'
import { postgresRows, withState, writeRows } from './rows.ts'
import { dropTables, hasRows, historyOf, makeTables, renameTables, setFact } from './schema.ts'

/** Connections that read, beside the one that commits: as many transactions can be under way at different moments. */
const READERS_MAX = 20

export interface PostgresStoreOptions extends StoreOptions {
  /** `postgres://host/database?schema=name`; the tables are made where they are missing. */
  readonly url: string
  /** Name of this process, for who finds the store taken. */
  readonly process?: string
  /** Whether other processes may have it meanwhile: `shared` with those that share it, too. Anybody may by default. */
  readonly ownership?: 'shared' | 'alone'
  readonly connectionsMax?: number
  /** How long a server that is away is waited for, and a process that is frozen in the midst of a commit. */
  readonly patienceMs?: number
}

/**
 * A store in PostgreSQL. Throws INVALID_CONFIG, STORE_UNAVAILABLE, STORE_FORMAT, STORE_CORRUPT, and STORE_LOCKED
 * where another process has it and one of both wants it alone.
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const place = readPlace(options.url)
  const { process = '', ownership: kind } = options
  const ownership = kind && new Ownership(place, kind === 'alone')
  try {
    const state = await withClient(place, async (client) => {
      await makeTables(client, place)
      await noteHistory(client)
      return readState(postgresRows(client))
    })
    await ownership?.take(process)
    const pool = await openPool(place, options.connectionsMax ?? READERS_MAX)
    const { patienceMs = PATIENCE_MS } = options
    return new PostgresStore({ place, pool, state, ownership, process, patienceMs }, options)
  } catch (error) {
    await ownership?.release()
    throw asPostgresError(error)
  }
}

/** Whether a store is there. Throws INVALID_CONFIG, STORE_UNAVAILABLE. */
export function hasPostgresStore(url: string): Promise<boolean> {
  const place = readPlace(url)
  return withClient(place, (client) => hasRows(client, place))
}

/**
 * Makes a store of what `dump` gave, with some keys put anew, all of it or nothing; followers read it anew. Throws
 * ALREADY_INITIALISED where one is there.
 */
export function restorePostgresStore(
  url: string,
  pairs: AsyncIterable<StoredPair>,
  anew: readonly Pair[] = [],
): Promise<void> {
  const place = readPlace(url)
  return withClient(place, async (client) => {
    await makeTables(client, place)
    await client.query('BEGIN')
    await client.query('LOCK TABLE pairs')
    if (await hasRows(client, place)) {
      throw new HindraError('ALREADY_INITIALISED', `there is a store in schema ${place.schema}`)
    }
    for await (const part of inParts(pairs, anew)) {
      const state = part.find(({ key }) => key.equals(STATE_KEY))
      const { version } = stateOf(state?.value)
      await Promise.all(writeRows(client, withState(part, { before: undefined, version })))
    }
    // Another history than that of the dump: cursors of before are told so.
    await setFact(client, 'history', 'restored')
    await client.query('COMMIT')
  })
}

/** Takes away a store that was just made; the schema may be somebody else's, and stays. */
export function removePostgresStore(url: string): Promise<void> {
  return withClient(readPlace(url), dropTables)
}

/** Its tables have another name from then on, which is answered. */
export function retirePostgresStore(url: string, mark: string): Promise<string> {
  const place = readPlace(url)
  return withClient(place, (client) => renameTables(client, place, mark))
}

/** A store that is new has the history of its server; else a commit finds out whether it is another one. */
async function noteHistory(client: Client): Promise<void> {
  const history = await historyOf(client)
  await client.query(`INSERT INTO facts VALUES ('history', $1) ON CONFLICT DO NOTHING`, [history])
}
