import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { NO_POSTGRES, postgresPrograms, PostgresServer } from '../../fixtures/servers/postgres.ts'
import { judged } from '../../src/cli/doctor/database.ts'
import { databaseFacts } from '../../src/store/index.ts'
import { TcpProxy } from '../store/tcp-proxy.ts'
import { createHome, type Home, type RunOptions } from './hindra.ts'

if (postgresPrograms === undefined) console.warn(NO_POSTGRES)

describe.skipIf(postgresPrograms === undefined)('a Hindra whose store is in PostgreSQL', () => {
  let server: PostgresServer
  let home: Home
  let url: string
  /** Where the store is. */
  let there: RunOptions
  let admin: string
  let analyst: string
  let verifier: string
  let auditor: string
  let picture: string
  let itemId: string
  const of = (key: string): RunOptions => ({ ...there, key })

  beforeAll(async () => {
    server = await PostgresServer.start()
    home = createHome()
    url = server.url('house')
    there = { env: { HINDRA_STORE: url } }
    // Begun in a directory, as every house begins.
    const made = (await home.json(['init', '--admin', 'Ada'])) as { admin: { key: string } }
    admin = made.admin.key
    analyst = (await home.person('Anna', 'analyst')).key
    verifier = (await home.person('Bo', 'verifier')).key
    auditor = (await home.person('Cilla', 'auditor')).key
    picture = join(home.directory, 'a.jpg')
    writeFileSync(picture, await sceneJpeg(3))
    const proposed = (await home.json(['register', picture, '--classification', 'Baseline'], {
      key: analyst,
    })) as { answer: { id: string } }
    itemId = proposed.answer.id
  })
  afterAll(async () => {
    await home.dispose()
    await server.end()
  })

  it('moves there, and leaves nothing behind that somebody could go on with', async () => {
    const moved = await home.json(['migrate-store', url])
    expect(moved).toMatchObject({
      to: expect.stringMatching(/^PostgreSQL at 127\.0\.0\.1/) as string,
    })
    expect(existsSync(join(home.data, 'store'))).toBe(false)
    expect(readdirSync(home.data).filter((name) => name.startsWith('store.moved-'))).toHaveLength(1)
    const without = await home.run(['items'], { key: analyst })
    expect(without.stderr).toMatch(
      /^INVALID_CONFIG: store\.url: is not set, and the store was moved/,
    )
    expect((await home.run(['init'])).stderr).toMatch(/^INVALID_CONFIG: /)
    // Once more: it is there already.
    expect((await home.run(['migrate-store', url], there)).stderr).toMatch(/^INVALID_INPUT: /)
    const findings = (await home.json(['doctor', '--store'], there)) as object
    expect(findings).toMatchObject({ files: null, records: { damagedRecords: 0, replayed: [] } })
    expect(await finding('database')).toMatchObject({
      detail: expect.stringMatching(
        /^PostgreSQL at 127\.0\.0\.1:\d+\/postgres, version \d+/,
      ) as string,
    })
    expect(await finding('store')).toMatchObject({ state: 'ok' })
    const settings = (await home.json(['config'], there)) as { path: string; value: unknown }[]
    expect(settings.find(({ path }) => path === 'store.url')?.value).toBe('***')
  })

  it('says what is wrong where PostgreSQL is away, or would lose what was answered', async () => {
    await server.stop()
    const away = { state: 'fail', detail: expect.stringMatching(/ECONNREFUSED/) as string }
    expect(await finding('database')).toMatchObject(away)
    expect((await home.run(['items'], of(analyst))).stderr).toMatch(
      /^STORE_UNAVAILABLE: ECONNREFUSED/,
    )
    await server.begin('fsync=off')
    expect(await finding('database')).toMatchObject({
      state: 'fail',
      detail: expect.stringMatching(/fsync or full_page_writes is off/) as string,
    })
    await server.stop()
    await server.begin()
  })

  it('warns of what keeps PostgreSQL from cleaning up for hours, whoever holds it', async () => {
    const open = new pg.Client({ connectionString: url.split('?')[0] })
    await open.connect()
    const before = await databaseFacts(url)
    await open.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM pg_class')
    await open.query('SELECT pg_sleep(1.1)')
    const facts = await databaseFacts(url)
    expect(facts.heldSeconds).toBeGreaterThan(1)
    expect(facts.heldSeconds).toBeLessThan(60)
    await open.query('COMMIT')
    expect((await databaseFacts(url)).heldSeconds).toBeLessThan(1)
    await open.end()
    expect(judged('there', before).detail).not.toContain('cleaning up')
    for (const held of [{ heldSeconds: 7_200 }, { heldTransactions: 2_000_000 }]) {
      expect(judged('there', { ...before, ...held })).toMatchObject({
        state: 'warn',
        detail: expect.stringContaining('something keeps PostgreSQL from cleaning up') as string,
      })
    }
  })

  it('is served, also after kill -9 of the server and a restart of PostgreSQL', async () => {
    const killed = await home.serveWith(there)
    expect((await home.run(['verify', itemId], of(verifier))).code).toBe(0)
    expect(await killed.end('SIGKILL')).toBe(null)
    const again = await home.serveWith(there)
    expect(await verdict()).toBe('exact')
    await server.stop('SIGQUIT')
    await server.begin()
    expect(await verdict()).toBe('exact')
    expect((await home.run(['audit', 'verify'], of(auditor))).code).toBe(0)
    expect(await again.end('SIGTERM')).toBe(0)
  })

  it('is served once in one data directory', async () => {
    const first = await home.serveWith(there)
    const refused = await home.spawn(['serve', '--port', '0'], there)
    expect(refused.code).toBe(6)
    expect(refused.stderr).toMatch(/^STORE_LOCKED: another server answers at the socket/)
    expect(await first.end('SIGTERM')).toBe(0)
  })

  it('is left by a server that was cut off, once another has taken over what it did', async () => {
    const proxy = await TcpProxy.to(server.port)
    const first = await home.serveWith({ env: { HINDRA_STORE: server.url('house', proxy) } })
    const ended = once(first.process, 'exit')
    const held = `SELECT holder FROM house.leases WHERE name = 'background work'`
    const isDoneBy = (doer: typeof first) =>
      expect
        .poll(async () => String((await server.query(held))[0]?.['holder']), { timeout: 30_000 })
        .toContain(`process ${doer.process.pid} `)
    // A server that only stood by loses nothing, and goes on.
    await isDoneBy(first)
    const second = await home.serveWith(there, '--socket', socket('b'))
    proxy.isAway = true
    proxy.cutAll()
    await isDoneBy(second)
    proxy.isAway = false
    expect(await ended).toEqual([5, null])
    expect((await fetch(new URL('/readyz', second.url))).status).toBe(200)
    expect(await second.end('SIGTERM')).toBe(0)
    await proxy.close()
  })

  it('is backed up and brought back, into a directory and from there into PostgreSQL', async () => {
    const file = join(home.directory, 'a.backup')
    await home.json(['backup', '--out', file], of(admin))
    const beside = join(home.directory, 'beside')
    await home.json(['restore', file, '--data', beside])
    const inDirectory = { env: { HINDRA_DATA: beside } }
    expect(await home.json(['items'], { ...inDirectory, key: analyst })).toMatchObject([
      { id: itemId, status: 'verified' },
    ])
    const elsewhere = { env: { HINDRA_DATA: beside, HINDRA_STORE: server.url('brought_back') } }
    await home.json(['restore', file], elsewhere)
    expect(await home.json(['items'], { ...elsewhere, key: analyst })).toMatchObject([
      { id: itemId, status: 'verified' },
    ])
    const twice = await home.run(['restore', file], elsewhere)
    expect(twice.stderr).toMatch(/^ALREADY_INITIALISED: /)
  })

  it('moves back', async () => {
    await home.json(['migrate-store', 'directory'], there)
    expect(await home.json(['items'], { key: analyst })).toMatchObject([{ id: itemId }])
    expect((await home.run(['items'], of(analyst))).stderr).toMatch(/^NOT_INITIALISED: /)
  })

  async function finding(name: string): Promise<unknown> {
    const { stdout } = await home.run(['doctor', '--json'], there)
    const findings = JSON.parse(stdout) as { name: string }[]
    return findings.find((one) => one.name === name)
  }

  async function verdict(): Promise<unknown> {
    const scanned = (await home.json(['scan', picture], of(analyst))) as {
      answer: { verdict: string }
    }
    return scanned.answer.verdict
  }

  function socket(name: string): string {
    return join(home.directory, `${name}.sock`)
  }
})
