import type { Client } from 'pg'
import { HindraError } from '../../errors.ts'
import { STATE_KEY } from '../layout.ts'
import type { Store } from '../port.ts'
import { inParts, type Restoration } from '../restored-rows.ts'
import { readState, stateOf } from '../state.ts'
import type { StoreOptions } from '../transactional-store.ts'
import { asPostgresError } from './errors.ts'
import { Ownership } from './ownership.ts'
import { openPool, PATIENCE_MS, readPlace, withClient } from './place.ts'
import { PostgresStore } from './postgres-store.ts'
import { postgresRows, withState, writeRows } from './rows.ts'
import {
  dropFact,
  dropTables,
  emptyPairs,
  factOf,
  hasRows,
  historyOf,
  lastKey,
  makeTables,
  RESTORING,
  setFact,
} from './schema.ts'

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
      if ((await factOf(client, RESTORING)) !== undefined) {
        const message = `a copy into schema ${place.schema} was broken off: repeat the command that made it`
        throw new HindraError('ALREADY_INITIALISED', message)
      }
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

/** Whether a store is there, and whole. Throws INVALID_CONFIG, STORE_UNAVAILABLE. */
export function hasPostgresStore(url: string): Promise<boolean> {
  const place = readPlace(url)
  return withClient(place, async (client) => {
    return (await hasRows(client, place)) && (await factOf(client, RESTORING)) === undefined
  })
}

/** The mark of one that was broken off there. */
export function unfinishedPostgresStore(url: string): Promise<string | undefined> {
  const place = readPlace(url)
  return withClient(place, async (client) => {
    return (await hasRows(client, place)) ? factOf(client, RESTORING) : undefined
  })
}

/**
 * Makes a store of what `dump` gave, with some keys put anew; followers read it anew. It is no store until it is
 * whole, and one with the same mark that was broken off is gone on with. Throws ALREADY_INITIALISED where one is
 * there, STORE_LOCKED where another process makes one.
 */
export async function restorePostgresStore(url: string, restoration: Restoration): Promise<void> {
  const place = readPlace(url)
  const ownership = new Ownership(place, true)
  try {
    await withClient(place, async (client) => {
      await makeTables(client, place)
      await ownership.take(`process ${process.pid}, which restores`)
      const begun = await factOf(client, RESTORING)
      if (begun === undefined && (await hasRows(client, place))) {
        throw new HindraError('ALREADY_INITIALISED', `there is a store in schema ${place.schema}`)
      }
      if (begun !== restoration.mark) {
        await committed(client, () => [
          emptyPairs(client),
          setFact(client, RESTORING, restoration.mark),
        ])
      }
      for await (const part of inParts(restoration, await lastKey(client))) {
        const state = part.find(({ key }) => key.equals(STATE_KEY))
        const { version } = stateOf(state?.value)
        const placed = withState(part, { before: undefined, version })
        await committed(client, () => writeRows(client, placed))
      }
      await committed(client, () => [
        // Another history than that of the dump: cursors of before are told so.
        setFact(client, 'history', 'restored'),
        dropFact(client, RESTORING),
      ])
    })
  } finally {
    await ownership.release()
  }
}

/** Sends what `writes` begins as one transaction. */
async function committed(client: Client, writes: () => readonly Promise<unknown>[]): Promise<void> {
  await client.query('BEGIN')
  await Promise.all(writes())
  await client.query('COMMIT')
}

/** Takes away a store that was just made; the schema may be somebody else's, and stays. */
export function removePostgresStore(url: string): Promise<void> {
  return withClient(readPlace(url), dropTables)
}

/** A store that is new has the history of its server; else a commit finds out whether it is another one. */
async function noteHistory(client: Client): Promise<void> {
  const history = await historyOf(client)
  await client.query(`INSERT INTO facts VALUES ('history', $1) ON CONFLICT DO NOTHING`, [history])
}
