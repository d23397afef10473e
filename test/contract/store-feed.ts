import { describe, expect, it } from 'vitest'
import { type Change, VERSIONSTAMP_ZERO, type Versionstamp } from '../../src/store/index.ts'
import { type OpenStore, storeBench } from './store-bench.ts'
import { bytes, changesOf, list, pause, read, text, times, write } from './store-helpers.ts'

/** Versionstamps, and the feed of what changed. */
export function feedContract(open: OpenStore): void {
  describe('versionstamps', () => {
    const bench = storeBench(open)

    it('are 20 hex digits that grow with every commit, also over a restart', async () => {
      expect(bench.store.version()).toBe(VERSIONSTAMP_ZERO)
      const versions = []
      for (let n = 0; n < 6; n++) {
        const store = n % 2 === 0 ? await bench.reopen() : bench.store
        await write(store, (tx) => {
          tx.putWithVersionstamp(['log'], bytes(`${n} first`))
          tx.putWithVersionstamp(['log'], bytes(`${n} second`))
        })
        versions.push(store.version())
      }
      expect(versions).toEqual([...new Set(versions)].toSorted())
      for (const version of versions) expect(version).toMatch(/^[0-9a-f]{20}$/)
      const log = await bench.store.transact((tx) => list(tx, { prefix: ['log'] }))
      expect(log).toEqual(
        versions.flatMap((version, n) => [
          [['log', version, 0], `${n} first`],
          [['log', version, 1], `${n} second`],
        ]),
      )
    })

    it('number the values of one transaction across prefixes, unseen before the commit', async () => {
      await bench.store.transact(async (tx) => {
        tx.putWithVersionstamp(['a'], bytes('0'))
        tx.putWithVersionstamp(['b', 'c'], bytes('1'))
        expect(await list(tx, { prefix: [] })).toEqual([])
      })
      const version = bench.store.version()
      expect(await bench.store.transact((tx) => list(tx, { prefix: [] }))).toEqual([
        [['a', version, 0], '0'],
        [['b', 'c', version, 1], '1'],
      ])
    })

    it('follow the order in which 200 writers became durable', async () => {
      const { store } = bench
      await Promise.all(
        times(200, async (writer) => {
          for (let n = 0; n < 3; n++) {
            await store.transact(async (tx) => {
              const before = text(await tx.get(['at', writer])) ?? ''
              await pause(writer % 3)
              tx.putWithVersionstamp(['log'], bytes(`${writer}/${n}`))
              tx.put(['at', writer], bytes(`${before}${n}`))
            })
          }
        }),
      )
      const log = await store.transact((tx) => list(tx, { prefix: ['log'] }))
      expect(new Set(log.map(([key]) => key[1])).size).toBe(600)
      const order = new Map<string, number[]>()
      for (const [, value] of log) {
        const [writer = '', n = ''] = value.split('/')
        order.set(writer, [...(order.get(writer) ?? []), Number(n)])
      }
      expect([...order.values()]).toEqual(times(200, () => [0, 1, 2]))
    })

    it('conflict with those who read the range they fall in', async () => {
      const { store } = bench
      let runs = 0
      await store.transact(async (tx) => {
        runs += 1
        const seen = await list(tx, { prefix: ['log'] })
        if (runs === 1) {
          await write(store, (other) => {
            other.putWithVersionstamp(['log'], bytes('x'))
          })
        }
        tx.put(['seen'], bytes(String(seen.length)))
      })
      expect(runs).toBe(2)
      expect(await read(store, ['seen'])).toBe('1')
    })
  })

  describe('changes', () => {
    const bench = storeBench(open)

    it('name every key that was put, deleted or added to, below the prefix', async () => {
      const { store } = bench
      await write(store, (tx) => {
        tx.put(['item', 'b'], bytes('1'))
        tx.put(['item', 'a'], bytes('1'))
        tx.put(['item'], bytes('not below itself'))
        tx.put(['other', 'a'], bytes('1'))
      })
      const first = store.version()
      await write(store, (tx) => {
        tx.delete(['item', 'a'])
        tx.add(['item', 'count'], 1)
        tx.putWithVersionstamp(['item', 'log'], bytes('x'))
      })
      const second = store.version()
      const all = [
        { key: ['item', 'a'], versionstamp: first },
        { key: ['item', 'b'], versionstamp: first },
        { key: ['item', 'a'], versionstamp: second },
        { key: ['item', 'count'], versionstamp: second },
        { key: ['item', 'log', second, 0], versionstamp: second },
      ]
      expect(await changesOf(store, ['item'], VERSIONSTAMP_ZERO)).toEqual(all)
      expect(await changesOf(store, ['item'], first)).toEqual(all.slice(2))
      expect(await changesOf(store, ['item'], second)).toEqual([])
      expect(await changesOf(store, ['item', 'log'], VERSIONSTAMP_ZERO)).toEqual(all.slice(4))
      expect(await changesOf(await bench.reopen(), ['item'], VERSIONSTAMP_ZERO)).toEqual(all)
    })

    it('come live, complete, once and in commit order, from under many writers', async () => {
      const { store } = bench
      const abort = new AbortController()
      const writers = 50
      const each = 8
      const live: Change[] = []
      const following = (async () => {
        const options = { signal: abort.signal }
        for await (const change of store.changes(['n'], VERSIONSTAMP_ZERO, options)) {
          live.push(change)
          if (live.length % 7 === 0) await pause(2)
          if (live.length === writers * each) abort.abort()
        }
      })()
      await Promise.all(
        times(writers, async (writer) => {
          for (let n = 0; n < each; n++) {
            await pause((writer + n) % 3)
            await write(store, (tx) => {
              tx.put(['n', writer, n], bytes('x'))
              tx.putWithVersionstamp(['order'], bytes(`${writer}/${n}`))
            })
          }
        }),
      )
      await following
      const order = await store.transact((tx) => list(tx, { prefix: ['order'] }))
      expect(live).toEqual(
        order.map(([[, versionstamp], value]) => ({
          key: ['n', ...value.split('/').map(Number)],
          versionstamp,
        })),
      )
      expect(await changesOf(store, ['n'], VERSIONSTAMP_ZERO)).toEqual(live)
    })

    it('tell of a commit only when its values can be read', async () => {
      const { store } = bench
      const abort = new AbortController()
      const options = { signal: abort.signal }
      const seen: (string | undefined)[] = []
      const following = (async () => {
        for await (const { key } of store.changes(['n'], VERSIONSTAMP_ZERO, options)) {
          seen.push(await read(store, key))
          if (seen.length === 20) abort.abort()
        }
      })()
      for (let n = 0; n < 20; n++) {
        await write(store, (tx) => {
          tx.put(['n', n], bytes(String(n)))
        })
      }
      await following
      expect(seen).toEqual(times(20, String))
    })

    it('end when aborted, while waiting, before and in the midst of a commit', async () => {
      const { store } = bench
      await write(store, (tx) => {
        for (let n = 0; n < 5; n++) tx.put(['n', n], bytes('x'))
      })
      const waiting = new AbortController()
      const following = changesOf(store, [], store.version(), { signal: waiting.signal })
      await pause(3)
      waiting.abort()
      expect(await following).toEqual([])

      const { signal } = waiting
      expect(await changesOf(store, [], VERSIONSTAMP_ZERO, { signal })).toEqual([])

      const midway = new AbortController()
      const seen = []
      for await (const change of store.changes([], VERSIONSTAMP_ZERO, { signal: midway.signal })) {
        seen.push(change)
        if (seen.length === 2) midway.abort()
      }
      expect(seen).toHaveLength(2)
    })

    it('are kept for so many commits, and older cursors are told so', async () => {
      const store = await bench.reopen({ changesKept: 10 })
      const versions = [VERSIONSTAMP_ZERO]
      for (let n = 1; n <= 25; n++) {
        await write(store, (tx) => {
          tx.put(['n', n], bytes('x'))
        })
        versions.push(store.version())
      }
      const check = async (from: typeof store) => {
        const kept = await changesOf(from, ['n'], versions[15] ?? '')
        expect(kept.map(({ key }) => key[1])).toEqual(times(10, (n) => 16 + n))
        for (const old of [VERSIONSTAMP_ZERO, versions[14] ?? '']) {
          await expect(changesOf(from, ['n'], old)).rejects.toMatchObject({
            code: 'FEED_TRUNCATED',
          })
        }
      }
      await check(store)
      const smaller = await bench.reopen({ changesKept: 4 })
      await check(smaller)
      await Promise.all(
        times(30, (n) =>
          write(smaller, (tx) => {
            tx.put(['m', n], bytes('x'))
          }),
        ),
      )
      const [oldest] = (await smaller.transact((tx) => list(tx, { prefix: ['m'] }))).slice(-5)
      expect(oldest).toBeDefined()
      const last = smaller.version()
      expect(await changesOf(smaller, ['m'], last)).toEqual([])
      await expect(changesOf(smaller, ['m'], versions[25] ?? '')).rejects.toMatchObject({
        code: 'FEED_TRUNCATED',
      })
    })

    it('are the same from every cursor, near or far, however large the commits between', async () => {
      const { store } = bench
      const sizes = [...times(300, () => 1), 5_000, ...times(300, () => 1)]
      const versions = [store.version()]
      const written: unknown[] = []
      for (const [commit, size] of sizes.entries()) {
        await write(store, (tx) => {
          for (const n of times(size, (n) => n)) tx.put(['n', commit, n], bytes('x'))
        })
        versions.push(store.version())
        written.push(...times(size, (n) => ['n', commit, n]))
      }
      for (const at of [0, 1, 299, 300, 301, 302, 344, 345, 346, 599, 600, 601]) {
        const before = sizes.slice(0, at).reduce((sum, size) => sum + size, 0)
        const keys = (await changesOf(store, ['n'], versions[at] ?? '')).map(({ key }) => key)
        expect(keys).toEqual(written.slice(before))
      }
    })

    it('tell a slow follower that it fell behind rather than leave a gap', async () => {
      const store = await bench.reopen({ changesKept: 5 })
      const put = (n: number) =>
        write(store, (tx) => {
          tx.put(['n', n], bytes('x'))
        })
      await put(0)
      const seen: unknown[] = []
      const following = (async () => {
        const { signal } = new AbortController()
        for await (const { key } of store.changes(['n'], VERSIONSTAMP_ZERO, { signal })) {
          seen.push(key[1])
          for (let n = 1; n <= 20; n++) await put(n)
        }
      })()
      await expect(following).rejects.toMatchObject({ code: 'FEED_TRUNCATED' })
      expect(seen).toEqual([0])
    })

    it('have no gap, also when read while the oldest of them are dropped', async () => {
      const store = await bench.reopen({ changesKept: 30 })
      const seen: { after: Versionstamp; versions: Versionstamp[] }[] = []
      let writing = true
      const readers = times(10, async (reader) => {
        while (writing) {
          const after = store.version()
          // What memory holds is read within the turn: without a pause nobody else would have one.
          await pause(reader + 1)
          try {
            const changes = await changesOf(store, ['n'], after)
            seen.push({ after, versions: changes.map(({ versionstamp }) => versionstamp) })
          } catch (error) {
            expect(error).toMatchObject({ code: 'FEED_TRUNCATED' })
          }
        }
      })
      const writers = times(10, async (writer) => {
        for (let n = 0; n < 60; n++) {
          await write(store, (tx) => {
            tx.putWithVersionstamp(['n'], bytes(`${writer}`))
          })
        }
      })
      await Promise.all(writers)
      writing = false
      await Promise.all(readers)
      const log = await store.transact((tx) => list(tx, { prefix: ['n'] }))
      const versions = log.map(([key]) => String(key[1]))
      for (const { after, versions: found } of seen) {
        const first = versions.findIndex((version) => version > after)
        expect(found).toEqual(first < 0 ? [] : versions.slice(first, first + found.length))
      }
      expect(seen.some(({ versions: found }) => found.length > 5)).toBe(true)
    })

    it('refuse what is no versionstamp', async () => {
      await expect(changesOf(bench.store, [], 'now')).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      })
    })
  })
}
