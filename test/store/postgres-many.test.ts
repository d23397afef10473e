import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SeededRandom } from '../../src/core/index.ts'
import {
  openPostgresStore,
  readCounter,
  type Store,
  type Transaction,
  VERSIONSTAMP_ZERO,
} from '../../src/store/index.ts'
import {
  bytes,
  changesOf,
  list,
  pause,
  read,
  text,
  times,
  write,
} from '../contract/store-helpers.ts'
import { usually } from '../long.ts'
import { startChild } from './child.ts'
import { readLedger } from './ledger.ts'
import { NO_POSTGRES, postgresPrograms, PostgresServer } from '../../fixtures/servers/postgres.ts'
import { type Cut, TcpProxy } from './tcp-proxy.ts'

/** So that nobody waits for long here. */
const PATIENCE_MS = 2_000
/** Who has the lock of commits and says nothing. */
const IDLE_HOLDERS = `SELECT count(*)::int FROM pg_locks JOIN pg_stat_activity USING (pid)
  WHERE locktype = 'advisory' AND granted AND objid = 1 AND state = 'idle in transaction'`
/** Who has its turn alone, the others waiting. */
const TURN_HOLDERS = `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = 2
  AND mode = 'ExclusiveLock'`

if (postgresPrograms === undefined) console.warn(NO_POSTGRES)

describe.skipIf(postgresPrograms === undefined)('several processes on one PostgreSQL', () => {
  let server: PostgresServer
  let schema = 0
  let url: string
  const closing: (() => Promise<void>)[] = []
  beforeAll(async () => {
    server = await PostgresServer.start()
  })
  afterAll(() => server.end())
  beforeEach(() => {
    schema += 1
    url = server.url(`many_${schema}`)
  })
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
  })

  async function open(options: Parameters<typeof openPostgresStore>[0] = { url }): Promise<Store> {
    const store = await openPostgresStore(options)
    closing.push(() => store.close())
    return store
  }

  it('see what another was answered, at once, and its changes in order', async () => {
    const [left, right] = [await open(), await open()]
    for (let n = 0; n < 20; n++) {
      const [one, other] = n % 2 === 0 ? [left, right] : [right, left]
      await write(one, (tx) => {
        tx.put(['n', n], bytes(String(n)))
      })
      expect(await read(other, ['n', n])).toBe(String(n))
    }
    const all = await changesOf(left, ['n'], VERSIONSTAMP_ZERO)
    expect(all.map(({ key }) => key[1])).toEqual(times(20, (n) => n))
    expect(await changesOf(right, ['n'], VERSIONSTAMP_ZERO)).toEqual(all)

    const abort = new AbortController()
    const following = (async () => {
      for await (const { key } of right.changes(['n'], right.version(), { signal: abort.signal })) {
        return key
      }
      return undefined
    })()
    await sleep(100)
    await write(left, (tx) => {
      tx.put(['n', 'live'], bytes('x'))
    })
    expect(await following).toEqual(['n', 'live'])
    abort.abort()
  })

  it('tell those who follow of each commit once and in order, while all of them commit', async () => {
    // One of them hears late of its own commits, and of those of the others before.
    const proxy = await TcpProxy.to(server.port)
    closing.unshift(() => proxy.close())
    proxy.answerMs = 10
    const slow = await open({ url: server.url(`many_${schema}`, proxy) })
    const stores = [await open(), slow, await open()]
    const abort = new AbortController()
    const each = 100
    const told = stores.map(async (store) => {
      const keys: unknown[] = []
      const { signal } = abort
      for await (const { key } of store.changes(['log'], VERSIONSTAMP_ZERO, { signal })) {
        keys.push(key)
        if (keys.length === 3 * each) break
      }
      return keys
    })
    await Promise.all(
      stores.map(async (store) => {
        for (let n = 0; n < each; n++) {
          await write(store, (tx) => {
            tx.putWithVersionstamp(['log'], bytes('x'))
          })
        }
      }),
    )
    const [first] = stores as [Store]
    const log = await first.transact((tx) => list(tx, { prefix: ['log'] }))
    for (const keys of await Promise.all(told)) expect(keys).toEqual(log.map(([key]) => key))
    abort.abort()
  })

  it('lose no update, and run what could have run in the order of the stamps', async () => {
    const [a, b, c] = [await open(), await open(), await open()]
    await Promise.all(
      times(90, (n) =>
        (n % 3 === 0 ? a : n % 3 === 1 ? b : c).transact(async (tx) => {
          const before = Number(text(await tx.get(['count'])) ?? '0')
          await pause(n % 4)
          tx.put(['count'], bytes(String(before + 1)))
          tx.add(['added'], 1)
          tx.putWithVersionstamp(['log'], bytes(String(before)))
        }),
      ),
    )
    const store = a
    expect(await read(store, ['count'])).toBe('90')
    const log = await store.transact((tx) => list(tx, { prefix: ['log'] }))
    expect(log.map(([, before]) => Number(before))).toEqual(times(90, (n) => n))
    expect(await store.transact(async (tx) => readCounter(await tx.get(['added'])))).toBe(90)
  })

  it('prevent write skew between them, over keys and over what is not there', async () => {
    const [left, right] = [await open(), await open()]
    for (let round = 0; round < 10; round++) {
      const book = (store: Store, name: string) =>
        store.transact(async (tx) => {
          const taken = await list(tx, { prefix: ['room', round] })
          await pause(3)
          if (taken.length === 0) tx.put(['room', round, name], bytes(name))
        })
      await Promise.all([book(left, 'a'), book(right, 'b')])
      const booked = await left.transact((tx) => list(tx, { prefix: ['room', round] }))
      expect(booked).toHaveLength(1)
    }
  })

  it('let a transaction through that loses against another process each time', async () => {
    const [left, right] = [await open(), await open()]
    const increment = async (tx: Transaction) => {
      const before = Number(text(await tx.get(['count'])) ?? '0')
      tx.put(['count'], bytes(String(before + 1)))
    }
    let done = false
    let commits = 0
    const others = times(4, async () => {
      while (!done) {
        await right.transact(increment)
        commits += 1
      }
    })
    let runs = 0
    await left.transact(async (tx) => {
      runs += 1
      const before = text(await tx.get(['count']))
      const read = commits
      // One more than may have been under way: however slow the machine is, it loses twice.
      while (runs <= 2 && commits <= read + 4) await sleep(1)
      await sleep(20)
      tx.put(['copy'], bytes(before ?? '0'))
    })
    done = true
    await Promise.all(others)
    expect(runs).toBeGreaterThan(2)
    expect(Number(await read(left, ['copy']))).toBeGreaterThan(0)
  })

  it('know after a cut whether a commit is there, so that none is lost and none done twice', async () => {
    const proxy = await TcpProxy.to(server.port)
    closing.unshift(() => proxy.close())
    const store = await open({ url: server.url(`many_${schema}`, proxy) })
    const kinds: Cut[] = ['before', 'after', 'late']
    for (let n = 0; n < 12; n++) {
      proxy.cuts.push(kinds[n % 3])
      await store.transact(async (tx) => {
        const before = Number(text(await tx.get(['count'])) ?? '0')
        tx.put(['count'], bytes(String(before + 1)))
        tx.add(['added'], 1)
        tx.putWithVersionstamp(['log'], bytes(String(n)))
      })
    }
    expect(proxy.done).toEqual(times(12, (n) => kinds[n % 3]))
    // What came late has had its time.
    await sleep(500)
    const seen = await open()
    expect(await read(seen, ['count'])).toBe('12')
    expect(await seen.transact(async (tx) => readCounter(await tx.get(['added'])))).toBe(12)
    const log = await seen.transact((tx) => list(tx, { prefix: ['log'] }))
    expect(log.map(([, n]) => n)).toEqual(times(12, String))
  })

  it('go on after connections were cut, and after PostgreSQL was restarted, in whatever way', async () => {
    const proxy = await TcpProxy.to(server.port)
    closing.unshift(() => proxy.close())
    const store = await open({ url: server.url(`many_${schema}`, proxy) })
    let isOver = false
    let done = 0
    const writers = times(4, async (writer) => {
      for (let n = 0; !isOver; n++) {
        await store.transact(async (tx) => {
          await tx.get(['n', writer, n])
          tx.put(['n', writer, n], bytes('x'))
          tx.add(['sum'], 1)
        })
        done += 1
      }
    })
    for (const signal of [undefined, 'SIGINT', undefined, 'SIGQUIT'] as const) {
      const before = done
      if (signal === undefined) proxy.cutAll()
      else {
        await server.stop(signal)
        await server.begin()
      }
      await expect.poll(() => done).toBeGreaterThan(before + 20)
    }
    isOver = true
    await Promise.all(writers)
    const there = await store.transact((tx) => tx.count({ prefix: ['n'] }))
    expect(there).toBe(done)
    expect(await store.transact(async (tx) => readCounter(await tx.get(['sum'])))).toBe(done)
  })

  it('tell who asks that PostgreSQL is away, and go on once it is back', async () => {
    const store = await open({ url, patienceMs: PATIENCE_MS })
    await write(store, (tx) => {
      tx.put(['a'], bytes('1'))
    })
    await server.stop('SIGINT')
    const refused = expect(read(store, ['a'])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    const unwritten = expect(
      write(store, (tx) => {
        tx.put(['a'], bytes('2'))
      }),
    ).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await Promise.all([refused, unwritten])
    await server.begin()
    expect(await read(store, ['a'])).toBe('1')
  })

  it('hold every acknowledged transaction, none by half and none twice, whichever is killed', async () => {
    const random = new SeededRandom(Number(process.env['HINDRA_TEST_SEED'] ?? 1))
    const writer = new URL('./ledger-writer.ts', import.meta.url)
    const acknowledged = new Set<number>()
    const rounds = usually(2, 8)
    for (let round = 0; round < rounds; round++) {
      await Promise.all(
        times(3, async (each) => {
          const child = startChild(writer, [url, String((3 * round + each + 1) * 1_000_000)])
          const enough = random.integer(20, 120)
          let count = 0
          for await (const line of child.lines) {
            expect(line).toMatch(/^\d+$/)
            acknowledged.add(Number(line))
            count += 1
            if (count === enough) child.process.kill('SIGKILL')
          }
          await child.ended
          expect(child.process.signalCode).toBe('SIGKILL')
        }),
      )
      const store = await open()
      const there = await readLedger(store)
      expect([...acknowledged].filter((page) => !there.has(page))).toEqual([])
      expect(there.size - acknowledged.size).toBeLessThanOrEqual(3 * 8 * (round + 1))
    }
  })

  it('go on without one that is frozen while it has its turn alone, which may have lost it when it wakes', async () => {
    const store = await open()
    const child = startChild(new URL('./turn-taker.ts', import.meta.url), [url])
    const said: string[] = []
    const reading = (async () => {
      for await (const line of child.lines) said.push(line)
    })()
    // It loses every time, until it has its turn.
    const frozen = new AbortController()
    const contending = (async () => {
      for (let n = 0; !frozen.signal.aborted; n += 1) {
        await write(store, (tx) => {
          tx.put(['contended'], bytes(String(n)))
        })
      }
    })()
    const holders = async () => (await server.query(TURN_HOLDERS)).length
    await expect.poll(holders, { interval: 5 }).toBe(1)
    child.process.kill('SIGSTOP')
    frozen.abort()
    const stopped = sleep(20_000).then(() => Promise.reject(new Error('all are stopped by it')))
    await Promise.race([contending, stopped])
    await write(store, (tx) => {
      tx.put(['contended'], bytes('while it is frozen'))
    })
    child.process.kill('SIGCONT')
    await reading
    // Where it was frozen before it had read anything, it reads what is there now.
    const taken = await read(store, ['taken'])
    expect(said.at(-1)).toBe(taken === undefined ? 'TX_CONFLICT' : 'committed')
    expect(await read(store, ['contended'])).toBe('while it is frozen')
  })

  it('go on without one that is frozen in the midst of a commit, which goes on when it wakes', async () => {
    const writer = new URL('./ledger-writer.ts', import.meta.url)
    const child = startChild(writer, [url, '1000', String(PATIENCE_MS)])
    const acknowledged: number[] = []
    const reading = (async () => {
      for await (const line of child.lines) acknowledged.push(Number(line))
    })()
    await expect.poll(() => acknowledged.length).toBeGreaterThan(10)
    const store = await open({ url, patienceMs: PATIENCE_MS })
    let isHeld = false
    for (let tries = 0; tries < 200; tries++) {
      child.process.kill('SIGSTOP')
      await sleep(20)
      const [row] = await server.query(IDLE_HOLDERS)
      isHeld = row?.['count'] === 1
      if (isHeld) break
      child.process.kill('SIGCONT')
      await sleep(5)
    }
    expect(isHeld).toBe(true)
    await write(store, (tx) => {
      tx.put(['while it is frozen'], bytes('x'))
    })
    const before = acknowledged.length
    child.process.kill('SIGCONT')
    await expect.poll(() => acknowledged.length).toBeGreaterThan(before + 10)
    child.process.kill('SIGKILL')
    await reading
    const there = await readLedger(store)
    expect(acknowledged.filter((page) => !there.has(page))).toEqual([])
  })
})
