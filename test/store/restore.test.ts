import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StorePlace } from '../../src/config.ts'
import { SeededRandom } from '../../src/core/index.ts'
import {
  hasStore,
  openLevelStore,
  openPostgresStore,
  restoreStore,
  type Store,
  type StoredPair,
  unfinishedStore,
} from '../../src/store/index.ts'
import { NO_POSTGRES, postgresPrograms, PostgresServer } from '../../fixtures/servers/postgres.ts'

/** So much that it is written in several parts. */
const RECORDS = 200
const RECORD_BYTES = 64 * 1024

const directory = await mkdtemp(join(tmpdir(), 'hindra-restore-'))
let server: PostgresServer | undefined
let source: Store
let places = 0

beforeAll(async () => {
  if (postgresPrograms !== undefined) server = await PostgresServer.start()
  source = await openLevelStore({ directory: join(directory, 'source') })
  const random = new SeededRandom(3)
  for (let from = 0; from < RECORDS; from += 50) {
    await source.transact((tx) => {
      for (let n = from; n < from + 50; n += 1) tx.put(['r', n], random.bytes(RECORD_BYTES))
      return Promise.resolve()
    })
  }
})
afterAll(async () => {
  await source.close()
  await server?.end()
  await rm(directory, { recursive: true, force: true })
})

const POSTGRES = 'in PostgreSQL'
if (postgresPrograms === undefined) console.warn(NO_POSTGRES)
const kinds = ['in a directory', ...(postgresPrograms === undefined ? [] : [POSTGRES])]

describe.each(kinds)('a store that is made of a dump %s', (kind) => {
  function newPlace(): StorePlace {
    places += 1
    const name = `place_${places}`
    return kind === POSTGRES && server !== undefined
      ? { url: server.url(name) }
      : { directory: join(directory, name) }
  }

  const open = (place: StorePlace) =>
    'url' in place ? openPostgresStore(place) : openLevelStore(place)

  const restore = (place: StorePlace, pairs: AsyncIterable<StoredPair>, mark = 'one') =>
    restoreStore(place, { pairs, mark })

  /** What breaks off when so many pairs were read. */
  async function* brokenOff(count: number): AsyncGenerator<StoredPair> {
    let given = 0
    for await (const pair of source.dump()) {
      if (given === count) throw new Error('broken off')
      yield pair
      given += 1
    }
  }

  /** The dump, with other values: whoever writes a key again is found out. */
  async function* withZeros(): AsyncGenerator<StoredPair> {
    for await (const { key, value } of source.dump()) {
      const isRecord = value.length > RECORD_BYTES / 2
      yield { key, value: isRecord ? new Uint8Array(value.length) : value }
    }
  }

  /** How many of its records hold zeros. */
  async function zerosIn(place: StorePlace): Promise<number> {
    const store = await open(place)
    try {
      return await store.transact(async (tx) => {
        let [count, zeros] = [0, 0]
        for await (const { value } of tx.range({ prefix: ['r'] })) {
          count += 1
          if (value.every((byte) => byte === 0)) zeros += 1
        }
        expect(count).toBe(RECORDS)
        return zeros
      })
    } finally {
      await store.close()
    }
  }

  it('is none while it is not whole, and is gone on with', async () => {
    const place = newPlace()
    await expect(restore(place, brokenOff(150))).rejects.toThrow('broken off')
    expect(await hasStore(place)).toBe(false)
    expect(await unfinishedStore(place)).toBe('one')
    if ('url' in place) {
      await expect(openPostgresStore(place)).rejects.toMatchObject({ code: 'ALREADY_INITIALISED' })
    }
    await restore(place, withZeros())
    expect(await hasStore(place)).toBe(true)
    expect(await unfinishedStore(place)).toBeUndefined()
    const zeros = await zerosIn(place)
    expect(zeros).toBeGreaterThan(0)
    expect(zeros).toBeLessThan(RECORDS)
    await expect(restore(place, source.dump())).rejects.toMatchObject({
      code: 'ALREADY_INITIALISED',
    })
  })

  it('is begun anew where what was begun is something else', async () => {
    const place = newPlace()
    await expect(restore(place, brokenOff(150))).rejects.toThrow('broken off')
    await restore(place, withZeros(), 'other')
    expect(await zerosIn(place)).toBe(RECORDS)
    if ('directory' in place) expect(existsSync(`${place.directory}.restoring-one`)).toBe(false)
  })

  it('is the same wherever it was broken off', async () => {
    const place = newPlace()
    for (const count of [0, 1, 70, 140, RECORDS]) {
      await expect(restore(place, brokenOff(count))).rejects.toThrow('broken off')
    }
    await restore(place, source.dump())
    expect(await zerosIn(place)).toBe(0)
    const store = await open(place)
    const copied = await digestOf(store.dump())
    await store.close()
    expect(copied).toBe(await digestOf(source.dump()))
  })
})

async function digestOf(pairs: AsyncIterable<StoredPair>): Promise<string> {
  const hash = createHash('sha256')
  for await (const { key, value } of pairs) hash.update(key).update(value)
  return hash.digest('hex')
}
