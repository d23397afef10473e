import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { NO_POSTGRES, postgresPrograms, PostgresServer } from '../../fixtures/servers/postgres.ts'
import { SeededRandom } from '../../src/core/index.ts'
import { openDataKeys, openPostgresStore, proveFormat, type Store } from '../../src/store/index.ts'

if (postgresPrograms === undefined) console.warn(NO_POSTGRES)

const DATA_KEY = Buffer.alloc(32, 1)
const ROUNDS = 12

/** The pods of a set, or a person and a service, begin at one time: nothing of the house is there yet. */
describe.skipIf(postgresPrograms === undefined)('a new store that several processes open', () => {
  let server: PostgresServer
  let schema = 0
  const opened: Store[] = []
  beforeAll(async () => {
    server = await PostgresServer.start()
  })
  afterAll(() => server.end())
  beforeEach(() => {
    schema += 1
  })
  afterEach(closeAll)

  async function closeAll(): Promise<void> {
    for (const store of opened.splice(0)) await store.close()
  }

  async function connected(): Promise<Store> {
    const store = await openPostgresStore({ url: server.url(`new_${schema}`) })
    opened.push(store)
    return store
  }

  /** The engine opens a store in this order; the answer names the key that seals its records. */
  async function begun(store: Store): Promise<string> {
    await proveFormat({ store })
    const { sealer } = await openDataKeys(store, DATA_KEY, new SeededRandom(opened.length))
    return sealer.keyId
  }

  it('is whole for who found it empty and begins after another one has', async () => {
    const [first, second] = [await connected(), await connected()]
    expect(await begun(first)).toBe(await begun(second))
    for (const store of [first, second]) {
      await store.transact((tx) => {
        tx.put(['written'], Buffer.of(1))
        return Promise.resolve()
      })
    }
    expect(await begun(await connected())).toBe(await begun(first))
  })

  it('is whole where they begin at once', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      schema += 1
      const atOnce = async () => begun(await connected())
      const keys = await Promise.all([atOnce(), atOnce(), atOnce()])
      expect(new Set([...keys, await atOnce()]).size).toBe(1)
      await closeAll()
    }
  })
})
