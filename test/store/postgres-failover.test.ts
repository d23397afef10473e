import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { epochOf, openPostgresStore, type Store, VERSIONSTAMP_ZERO } from '../../src/store/index.ts'
import { bytes, changesOf, read, times, write } from '../contract/store-helpers.ts'
import { NO_POSTGRES, postgresPrograms, PostgresServer } from '../../fixtures/servers/postgres.ts'

const KEY = Buffer.alloc(32, 7)
const TRUNCATED = { code: 'FEED_TRUNCATED' }

if (postgresPrograms === undefined) console.warn(NO_POSTGRES)

describe.skipIf(postgresPrograms === undefined)('a store whose PostgreSQL fails over', () => {
  let server: PostgresServer
  const opened: Store[] = []
  beforeEach(async () => {
    server = await PostgresServer.start()
  })
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close()
    await server.end()
  })

  async function open(): Promise<Store> {
    const store = await openPostgresStore({ url: server.url('failover') })
    opened.push(store)
    return store
  }

  const put = (store: Store, id: string) =>
    write(store, (tx) => {
      tx.put(['thing', id], bytes(id))
    })
  const told = async (store: Store, since: string) =>
    (await changesOf(store, ['thing'], since)).map(({ key }) => key[1])

  it('goes on where nothing was lost, for whoever had read up to anywhere, in one new epoch', async () => {
    const stores = await Promise.all(times(4, open))
    const [alpha] = stores as [Store]
    for (const id of ['a', 'b', 'c']) await put(alpha, id)
    const cursor = alpha.version()
    for (const store of stores) await put(store, `before ${stores.indexOf(store)}`)
    const end = stores.at(-1)?.version() ?? ''
    await server.failOver()
    // All have connected and found another history before the first of them commits.
    await Promise.all(stores.map((store, n) => put(store, `after ${n}`)))
    for (const store of stores) {
      expect(await read(store, ['thing', 'a'])).toBe('a')
      expect(epochOf(store.version())).toBe(epochOf(end) + 1)
      expect(await told(store, VERSIONSTAMP_ZERO)).toHaveLength(11)
      expect(await told(store, cursor)).toHaveLength(8)
      expect((await told(store, end)).sort()).toEqual(times(4, (n) => `after ${n}`))
    }
    await put(alpha, 'later')
    expect(epochOf(alpha.version())).toBe(epochOf(end) + 1)
  })

  it('tells those to read anew who had read what was lost, and nobody else', async () => {
    const alpha = await open()
    await alpha.keepVersions(KEY, 'anew')
    await put(alpha, 'a')
    const before = alpha.version()
    await put(alpha, 'b')
    const kept = alpha.version()
    const copy = await server.copied()
    await put(alpha, 'lost')
    const lost = alpha.version()
    await server.failOver(copy)

    await expect(put(alpha, 'c')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    const beta = await open()
    await beta.keepVersions(KEY, 'known')
    expect(await read(beta, ['thing', 'lost'])).toBeUndefined()
    await put(beta, 'c')
    expect(beta.version() > lost).toBe(true)
    expect(await told(beta, before)).toEqual(['b', 'c'])
    expect(await told(beta, kept)).toEqual(['c'])
    await expect(told(beta, lost)).rejects.toMatchObject(TRUNCATED)
    await beta.checkRecords(new AbortController().signal)
    expect(beta.damaged()).toEqual([])
    // Another one reads what proves the state, with the parting in it.
    const gamma = await open()
    await gamma.keepVersions(KEY, 'known')
    await put(gamma, 'd')
    await expect(told(gamma, lost)).rejects.toMatchObject(TRUNCATED)
    expect(await told(gamma, kept)).toEqual(['c', 'd'])
  })

  it('twice tells those to read anew who have not followed since before the first time', async () => {
    const store = await open()
    await put(store, 'a')
    const first = store.version()
    await server.failOver()
    await put(store, 'b')
    const second = store.version()
    await put(store, 'c')
    await server.failOver()
    await put(store, 'd')
    await expect(told(store, first)).rejects.toMatchObject(TRUNCATED)
    expect(await told(store, second)).toEqual(['c', 'd'])
    expect(epochOf(store.version())).toBe(epochOf(first) + 2)
  })

  it('gives no lease the number that was given before', async () => {
    const numbers = () => server.query('SELECT number FROM failover.leases')
    const [alpha, beta] = [await open(), await open()]
    await put(alpha, 'a')
    const copy = await server.copied()
    expect(await alpha.lease('work').keep()).toBe(true)
    const [given] = await numbers()
    // That it was given is not known to the server that goes on.
    await server.failOver(copy)
    expect(await numbers()).toEqual([])
    expect(await beta.lease('work').keep()).toBe(true)
    const [anew] = await numbers()
    expect(Number(anew?.['number'])).toBeGreaterThan(Number(given?.['number']))
  })
})
