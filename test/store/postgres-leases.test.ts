import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { NO_POSTGRES, postgresPrograms, PostgresServer } from '../../fixtures/servers/postgres.ts'
import { openPostgresStore, type Store } from '../../src/store/index.ts'
import { TcpProxy } from './tcp-proxy.ts'

if (postgresPrograms === undefined) console.warn(NO_POSTGRES)

const ELSEWHERE = { code: 'LEASE_ELSEWHERE' }

describe.skipIf(postgresPrograms === undefined)('a lease in PostgreSQL', () => {
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

  async function open(process: string, port = server.port): Promise<Store> {
    const store = await openPostgresStore({
      url: server.url(schema, port),
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
  const last = async (store: Store) =>
    Buffer.from((await store.read((reading) => reading.get(['last']))) ?? []).toString()
  /** What a holder looks like that was not heard of for long. */
  const expire = () => server.query(`UPDATE ${schema}.leases SET until = '-infinity'`)

  it('says that PostgreSQL is away where it can ask nobody, and is had once that is back', async () => {
    const proxy = await TcpProxy.to(server.port)
    proxies.push(proxy)
    const far = await open('far', proxy.port)
    proxy.isAway = true
    proxy.cutAll()
    const away = { code: 'STORE_UNAVAILABLE' }
    await expect(far.lease('work').keep()).rejects.toMatchObject(away)
    await expect(far.lease('work').run(() => put(far, 'a'))).rejects.toMatchObject(away)
    proxy.isAway = false
    expect(await far.lease('work').keep()).toBe(true)
  })

  it('is kept by one process, which others are told of, and free once that one is closed', async () => {
    expect(await alpha.lease('work').keep()).toBe(true)
    expect(await alpha.lease('work').keep()).toBe(true)
    expect(await beta.lease('work').keep()).toBe(false)
    await expect(beta.lease('work').run(() => put(beta, 'b'))).rejects.toMatchObject({
      ...ELSEWHERE,
      message: 'alpha does the work of this house',
    })
    expect(await beta.lease('other work').keep()).toBe(true)
    await alpha.close()
    expect(await beta.lease('work').keep()).toBe(true)
  })

  it('commits nothing of a holder that was given up for gone, and lets its other work go on', async () => {
    const [mine, theirs] = [alpha.lease('work'), beta.lease('work')]
    await mine.keep()
    await mine.run(() => put(alpha, 'of the holder'))
    let goOn = (): void => undefined
    const isWoken = new Promise<void>((resolve) => {
      goOn = resolve
    })
    // Frozen between what it has read and what it writes.
    const late = mine.run(() =>
      alpha.transact(async (tx) => {
        await tx.get(['last'])
        await isWoken
        tx.put(['last'], Buffer.from('late'))
      }),
    )
    const later = mine.run(async () => {
      await isWoken
      await put(alpha, 'later')
    })
    const effect = mine.run(async () => {
      await isWoken
      await alpha.sure()
    })
    const all = Promise.allSettled([late, later, effect])
    await expire()
    expect(await theirs.keep()).toBe(true)
    await theirs.run(() => put(beta, 'of the next'))
    goOn()
    const refused = { status: 'rejected', reason: expect.objectContaining(ELSEWHERE) as Error }
    const settled = await all
    // Whether it may mail is known to the next renewal at the latest.
    expect(settled.slice(0, 2)).toEqual([refused, refused])
    expect(await last(alpha)).toBe('of the next')
    await put(alpha, 'by an analyst')
    expect(await last(beta)).toBe('by an analyst')
    await expect.poll(() => mine.lost.aborted, { timeout: 5_000 }).toBe(true)
    await expect(mine.run(() => alpha.sure())).rejects.toMatchObject(ELSEWHERE)
    expect(await mine.keep()).toBe(false)
    expect(theirs.lost.aborted).toBe(false)
  })

  it('is waited for, so that no two do the work at once, whoever of them', async () => {
    let atOnce = 0
    let most = 0
    const done: string[] = []
    const work = (name: string) => async () => {
      most = Math.max(most, (atOnce += 1))
      await sleep(20)
      done.push(name)
      atOnce -= 1
    }
    const one = (store: Store, name: string) => store.lease('turn').run(work(name), { waits: true })
    for (const turn of [1, 2, 3]) {
      await Promise.all([one(alpha, `alpha ${turn}`), one(beta, `beta ${turn}`)])
    }
    expect(done).toHaveLength(6)
    expect(most).toBe(1)
  })

  it('is all that counts of several: what was begun by two is refused where one is lost', async () => {
    const outer = alpha.lease('outer')
    await outer.keep()
    const both = () => outer.run(() => alpha.lease('inner').run(() => put(alpha, 'both')))
    await both()
    await expire()
    expect(await beta.lease('outer').keep()).toBe(true)
    await expect(both()).rejects.toMatchObject(ELSEWHERE)
    expect(await last(beta)).toBe('both')
  })

  it('holds up an effect while nobody knows who has it, and the effect goes on after that', async () => {
    const proxy = await TcpProxy.to(server.port)
    proxies.push(proxy)
    const far = await open('far', proxy.port)
    const lease = far.lease('work')
    await lease.keep()
    await lease.run(() => far.sure())
    proxy.isAway = true
    proxy.cutAll()
    await sleep(5_000)
    let isSure = false
    const effect = lease.run(() => far.sure()).then(() => (isSure = true))
    await sleep(500)
    expect(isSure).toBe(false)
    // Nobody asks by which lease what no lease is needed for is done.
    await far.sure()
    proxy.isAway = false
    await effect
    expect(lease.lost.aborted).toBe(false)
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
    const far = await open('far', proxy.port)
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
