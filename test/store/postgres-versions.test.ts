import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createKeyRing, keysFrom, SeededRandom } from '../../src/core/index.ts'
import { Collection, keySpace, openPostgresStore, type Store } from '../../src/store/index.ts'
import { NO_POSTGRES, postgresPrograms, PostgresServer } from '../../fixtures/servers/postgres.ts'
import { times } from '../contract/store-helpers.ts'
import { usually } from '../long.ts'

const KEY = Buffer.alloc(32, 7)
const sealer = createKeyRing(keysFrom(Buffer.alloc(32, 1)), new SeededRandom(5))
const things = new Collection<{ n: number }, { text: string }>(keySpace('thing'), sealer)

if (postgresPrograms === undefined) console.warn(NO_POSTGRES)

describe.skipIf(postgresPrograms === undefined)('records that several processes write', () => {
  let server: PostgresServer
  let schema = 0
  const closing: (() => Promise<void>)[] = []
  beforeAll(async () => {
    server = await PostgresServer.start()
  })
  beforeEach(() => {
    schema += 1
  })
  afterAll(() => server.end())
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
  })

  async function open(versions: 'anew' | 'known'): Promise<Store> {
    const store = await openPostgresStore({ url: server.url(`versions_${schema}`) })
    closing.push(() => store.close())
    await store.keepVersions(KEY, versions)
    return store
  }

  /** Each puts records of its own again and again, and takes some away. */
  async function writing(
    store: Store,
    by: number,
    records: number,
    isOver: () => boolean,
  ): Promise<void> {
    for (let n = 0; !isOver(); n++) {
      await store.transact((tx) => {
        const id = `${by}/${n % records}`
        if (n % 5 === 4) things.delete(tx, id)
        else things.put(tx, id, { n }, { text: `${by}/${n}` })
        return Promise.resolve()
      })
    }
  }

  it('are whole to each of them, however often they are written while views are being opened', async () => {
    const writers = [await open('anew'), await open('known')]
    const reader = await open('known')
    const isOver = overAfter(usually(3_000, 30_000))
    let count = 0
    const reading = times(8, async (each) => {
      while (!isOver()) {
        await sleep(each % 3)
        await reader.read(async (tx) => {
          for (const by of writers.keys()) {
            if ((await things.get(tx, `${by}/0`)) !== undefined) count += 1
          }
        })
      }
    })
    await Promise.all([...writers.map((store, by) => writing(store, by, 1, isOver)), ...reading])
    expect(count).toBeGreaterThan(100)
    expect(reader.damaged()).toEqual([])
  })

  it('are all there to who looks through them while others write', async () => {
    const writers = [await open('anew'), await open('known')]
    const reader = await open('known')
    const isOver = overAfter(usually(2_000, 30_000))
    let looks = 0
    const looking = async () => {
      for (; !isOver(); looks++) await reader.checkRecords(new AbortController().signal)
    }
    const others = writers.map((store, by) => writing(store, by, 10, isOver))
    await Promise.all([...others, ...times(4, looking), writing(reader, 2, 10, isOver)])
    expect(looks).toBeGreaterThan(100)
    expect(reader.damaged()).toEqual([])
  })
})

function overAfter(ms: number): () => boolean {
  const until = performance.now() + ms
  return () => performance.now() > until
}
