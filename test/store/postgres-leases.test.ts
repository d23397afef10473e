import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { NO_POSTGRES, postgresPrograms, PostgresServer } from '../../fixtures/servers/postgres.ts'
import { openPostgresStore, type Store } from '../../src/store/index.ts'
import { type LeaseBench, leaseContract } from '../contract/leases.ts'
import { TcpProxy } from './tcp-proxy.ts'

if (postgresPrograms === undefined) console.warn(NO_POSTGRES)

describe.skipIf(postgresPrograms === undefined)('a store in PostgreSQL that is shared', () => {
  let server: PostgresServer
  let schema: string
  let number = 0
  let alpha: Store
  let beta: Store
  const opened: Store[] = []
  const proxies: TcpProxy[] = []
  beforeAll(async () => {
    server = await PostgresServer.start()
  })
  afterAll(() => server.end())
  beforeEach(async () => {
    schema = `leases_${(number += 1)}`
    alpha = await open('alpha')
    beta = await open('beta')
  })
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close()
    for (const proxy of proxies.splice(0)) await proxy.close()
  })

  leaseContract('PostgreSQL', (): Promise<LeaseBench> => {
    const lines = new Map<string, TcpProxy>()
    return Promise.resolve({
      async open(process) {
        const proxy = await TcpProxy.to(server.port)
        lines.set(process, proxy)
        const url = server.url(`of_${schema}`, proxy)
        return openPostgresStore({ url, process, ownership: 'shared', patienceMs: 3_000 })
      },
      async expire() {
        await server.query(`UPDATE of_${schema}.leases SET until = '-infinity'`)
      },
      cut(process, isAway) {
        const proxy = lines.get(process)
        if (proxy === undefined) throw new Error(`nobody is called ${process}`)
        proxy.isAway = isAway
        if (isAway) proxy.cutAll()
        return Promise.resolve()
      },
      pass: (ms) => sleep(ms),
      async close() {
        for (const proxy of lines.values()) await proxy.close()
      },
    })
  })

  async function open(process: string, by?: TcpProxy): Promise<Store> {
    const store = await openPostgresStore({
      url: server.url(schema, by),
      process,
      ownership: 'shared',
      patienceMs: 3_000,
    })
    opened.push(store)
    return store
  }

  const put = (store: Store, value: string) =>
    store.transact((tx) => {
      tx.put(['last'], Buffer.from(value))
      return Promise.resolve()
    })
  it('names the others that have the store open', async () => {
    expect(await alpha.others()).toEqual(['beta'])
    await beta.close()
    await expect.poll(() => alpha.others()).toEqual([])
    await expect(
      openPostgresStore({ url: server.url(schema), process: 'gamma', ownership: 'alone' }),
    ).rejects.toMatchObject({ code: 'STORE_LOCKED', message: 'the store is taken by alpha' })
  })

  it('ends who shared the store once another process had it alone', async () => {
    const proxy = await TcpProxy.to(server.port)
    proxies.push(proxy)
    await beta.close()
    await alpha.close()
    const far = await open('far', proxy)
    await put(far, 'before')
    proxy.isAway = true
    proxy.cutAll()
    const alone = { url: server.url(schema), process: 'mover', ownership: 'alone' } as const
    let mover: Store | undefined
    await expect
      .poll(async () => (mover ??= await openPostgresStore(alone).catch(() => undefined)))
      .toBeDefined()
    await mover?.close()
    proxy.isAway = false
    await expect(put(far, 'behind its back')).rejects.toMatchObject({ code: 'STORE_LOCKED' })
  })
})
