import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createKeyRing, keysFrom, SeededRandom } from '../../src/core/index.ts'
import {
  Collection,
  keySpace,
  openPostgresStore,
  type Store,
  VERSIONSTAMP_ZERO,
} from '../../src/store/index.ts'
import { bytes, changesOf, read, times, write } from '../contract/store-helpers.ts'
import { TcpProxy } from './tcp-proxy.ts'
import { NO_POSTGRES, postgresPrograms, PostgresServer } from '../../fixtures/servers/postgres.ts'

const KEY = Buffer.alloc(32, 7)
const random = new SeededRandom(5)
const sealer = createKeyRing(keysFrom(Buffer.alloc(32, 1)), random)
const things = new Collection<{ n: number }, { text: string }>(keySpace('thing'), sealer)

/** What the store knows of itself. */
const stateRow = (schema: string) =>
  `SELECT key, value FROM ${schema}.pairs WHERE key >= 's' AND key < 't'`

if (postgresPrograms === undefined) console.warn(NO_POSTGRES)

describe.skipIf(postgresPrograms === undefined)('a store in PostgreSQL', () => {
  let server: PostgresServer
  let number = 0
  let schema: string
  const opened: Store[] = []
  beforeAll(async () => {
    server = await PostgresServer.start()
  })
  afterAll(() => server.end())
  beforeEach(() => {
    number += 1
    schema = `history_${number}`
  })
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close()
  })

  async function open(alone?: string): Promise<Store> {
    const store = await openPostgresStore({
      url: server.url(schema),
      ...(alone !== undefined && { process: alone, ownership: 'alone' }),
    })
    opened.push(store)
    return store
  }

  const put = (store: Store, id: string, n: number) =>
    store.transact((tx) => {
      things.put(tx, id, { n }, { text: `version ${n}` })
      return Promise.resolve()
    })
  const get = (store: Store, id: string) => store.transact((tx) => things.get(tx, id))

  describe('that one process wants alone', () => {
    it('is refused to a second one, which is told by whom, until the first one ends', async () => {
      const first = await open('process 1 on alpha')
      await expect(open('process 2 on beta')).rejects.toMatchObject({
        code: 'STORE_LOCKED',
        message: 'the store is taken by process 1 on alpha',
      })
      await first.close()
      const second = await open('process 2 on beta')
      await put(second, 'a', 1)
    })

    it('commits nothing more of one that was given up for gone', async () => {
      const proxy = await TcpProxy.to(server.port)
      const first = await openPostgresStore({
        url: server.url(schema, proxy),
        process: 'process 1 on alpha',
        ownership: 'alone',
      })
      opened.push(first)
      await put(first, 'a', 1)
      // The network of the first one is away, and then there again.
      proxy.isAway = true
      proxy.cutAll()
      let second: Store | undefined
      await expect
        .poll(async () => (second ??= await open('process 2 on beta').catch(() => undefined)))
        .toBeDefined()
      proxy.isAway = false
      await expect(put(first, 'a', 2)).rejects.toMatchObject({ code: 'STORE_LOCKED' })
      await expect(first.writable()).rejects.toMatchObject({ code: 'STORE_LOCKED' })
      await put(second as unknown as Store, 'a', 3)
      expect(await get(second as unknown as Store, 'a')).toMatchObject({ clear: { n: 3 } })
      await first.close()
      await proxy.close()
    })

    it('goes on where its lock was lost and nobody has taken it', async () => {
      const first = await open('process 1 on alpha')
      await server.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'hindra'`)
      await put(first, 'a', 1)
      await expect
        .poll(() => open('process 2 on beta').catch((error: unknown) => error))
        .toMatchObject({ code: 'STORE_LOCKED' })
      await put(first, 'a', 2)
    })
  })

  describe('that is put back from a dump', () => {
    it('begins a new epoch, in which cursors of before are told to read anew', async () => {
      const store = await open()
      for (const n of times(5, (n) => n)) await put(store, 'a', n)
      const kept = store.version()
      const dump = dumpOf(schema)
      for (const n of times(5, (n) => n)) await put(store, 'b', n)
      const ahead = store.version()
      await store.close()
      await server.query(`DROP SCHEMA ${schema} CASCADE`)
      restore(dump)

      const again = await open()
      expect(await get(again, 'a')).toMatchObject({ clear: { n: 4 } })
      expect(await get(again, 'b')).toBeUndefined()
      const truncated = { code: 'FEED_TRUNCATED' }
      await expect(changesOf(again, ['thing'], ahead)).rejects.toMatchObject(truncated)
      await put(again, 'c', 1)
      expect(again.version() > ahead).toBe(true)
      for (const cursor of [VERSIONSTAMP_ZERO, kept, ahead]) {
        await expect(changesOf(again, ['thing'], cursor)).rejects.toMatchObject(truncated)
      }
      const begun = again.version()
      await put(again, 'c', 2)
      const changes = await changesOf(again, ['thing'], begun)
      expect(changes.map(({ key }) => key)).toEqual([['thing', 'c']])
      // Only once.
      await again.close()
      const later = await open()
      await put(later, 'c', 3)
      expect(await changesOf(later, ['thing'], begun)).toHaveLength(2)
    })

    it('ends a process that has seen more than it holds now', async () => {
      const store = await open()
      await put(store, 'a', 1)
      const dump = dumpOf(schema)
      await put(store, 'a', 2)
      await server.query(`DROP SCHEMA ${schema} CASCADE`)
      restore(dump)
      await expect(put(store, 'b', 1)).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        message: expect.stringContaining('restart the process') as string,
      })
    })
  })

  describe('that keeps the versions of its records', () => {
    it('names a copy that an operator of the database has put back, over a restart too', async () => {
      const store = await open()
      await store.keepVersions(KEY, 'anew')
      await put(store, 'a', 1)
      await put(store, 'b', 1)
      const key = Buffer.from(`d\x02thing\0\x02a\0`, 'latin1')
      const [old] = await rowsAt(key)
      await put(store, 'a', 2)
      await server.query(`UPDATE ${schema}.pairs SET value = $2 WHERE key = $1`, [key, old])
      await expect(get(store, 'a')).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
      expect(await get(store, 'b')).toMatchObject({ clear: { n: 1 } })
      await store.close()
      const again = await open()
      await again.keepVersions(KEY, 'known')
      await expect(get(again, 'a')).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
      await again.checkRecords(new AbortController().signal)
      expect(again.damaged()).toEqual(['thing/a, is not the copy that was written last'])
    })

    it('is not opened where all of it was put back but what proves it', async () => {
      const store = await open()
      await store.keepVersions(KEY, 'anew')
      await put(store, 'a', 1)
      await store.close()
      const [state] = await server.query(stateRow(schema))
      const later = await open()
      await later.keepVersions(KEY, 'known')
      await put(later, 'a', 2)
      await later.close()
      const [now] = await server.query(stateRow(schema))
      const text = `UPDATE ${schema}.pairs SET value = $1 WHERE key = $2`
      await server.query(text, [state?.['value'], now?.['key']])
      const replayed = await open()
      await expect(replayed.keepVersions(KEY, 'known')).rejects.toMatchObject({
        code: 'STORE_REPLAYED',
      })
    })

    it('takes nothing that another process wrote for put back', async () => {
      const [left, right] = [await open(), await open()]
      await left.keepVersions(KEY, 'anew')
      await right.keepVersions(KEY, 'known')
      for (const n of times(40, (n) => n)) {
        const [one, other] = n % 2 === 0 ? [left, right] : [right, left]
        await put(one, `a${n % 7}`, n)
        expect(await get(other, `a${n % 7}`)).toMatchObject({ clear: { n } })
      }
      await Promise.all(
        times(60, async (n) => {
          const [one, other] = n % 2 === 0 ? [left, right] : [right, left]
          await put(one, `b${n % 5}`, n)
          await get(other, `b${n % 5}`)
        }),
      )
      for (const store of [left, right]) {
        await store.checkRecords(new AbortController().signal)
        expect(store.damaged()).toEqual([])
      }
      const third = await open()
      await third.keepVersions(KEY, 'known')
      expect(await get(third, 'a4')).toMatchObject({ clear: { n: 39 } })
    })
  })

  it('is left alone by a version that does not know its tables', async () => {
    const store = await open()
    await write(store, (tx) => {
      tx.put(['a'], bytes('1'))
    })
    await store.close()
    await server.query(`UPDATE ${schema}.facts SET value = '99' WHERE name = 'format'`)
    await expect(open()).rejects.toMatchObject({ code: 'STORE_FORMAT' })
    await server.query(`UPDATE ${schema}.facts SET value = '1' WHERE name = 'format'`)
    expect(await read(await open(), ['a'])).toBe('1')
  })

  it('says what is wrong with its address, without the password', async () => {
    for (const url of ['mysql://x/y', 'postgres://h/d?schema=A%20B', 'no url']) {
      await expect(openPostgresStore({ url })).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
    }
    const wrong = openPostgresStore({
      url: `postgres://nobody:secret@127.0.0.1:${server.port}/postgres`,
    })
    await expect(wrong).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await expect(wrong).rejects.not.toThrow(/secret/)
    const encrypted = openPostgresStore({ url: `${server.url(schema)}&sslmode=verify-full` })
    await expect(encrypted).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  })

  async function rowsAt(key: Buffer): Promise<unknown[]> {
    const text = `SELECT value FROM ${schema}.pairs WHERE key = $1`
    return (await server.query(text, [key])).map(({ value }) => value)
  }

  function dumpOf(name: string): string {
    return runs('pg_dump', '--schema', name)
  }

  function restore(dump: string): void {
    execFileSync('psql', [...where(), '--quiet', '--set=ON_ERROR_STOP=1'], {
      input: dump,
      stdio: ['pipe', 'ignore', 'inherit'],
    })
  }

  function runs(name: string, ...args: string[]): string {
    return execFileSync(join(postgresPrograms ?? '', name), [...where(), ...args], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    })
  }

  function where(): string[] {
    return ['-h', '127.0.0.1', '-p', String(server.port), '-U', 'hindra', 'postgres']
  }
})
