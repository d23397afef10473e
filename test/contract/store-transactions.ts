import { describe, expect, it } from 'vitest'
import { readCounter, type Store, type Transaction } from '../../src/store/index.ts'
import { type OpenStore, storeBench } from './store-bench.ts'
import { bytes, list, pause, read, text, times, write } from './store-helpers.ts'

/** One transaction by itself, and many against each other. */
export function transactionContract(open: OpenStore): void {
  describe('transactions', () => {
    const bench = storeBench(open)

    it('keep what they wrote over a restart', async () => {
      await write(bench.store, (tx) => {
        tx.put(['a'], bytes('1'))
        tx.put(['empty'], bytes(''))
      })
      const store = await bench.reopen()
      expect(await read(store, ['a'])).toBe('1')
      expect(await read(store, ['empty'])).toBe('')
      expect(await read(store, ['b'])).toBeUndefined()
    })

    it('read their own writes, and nobody else does before the commit', async () => {
      const { store } = bench
      await store.transact(async (tx) => {
        tx.put(['a'], bytes('1'))
        expect(text(await tx.get(['a']))).toBe('1')
        expect(await read(store, ['a'])).toBeUndefined()
        tx.delete(['a'])
        expect(await tx.get(['a'])).toBeUndefined()
        tx.put(['a'], bytes('2'))
      })
      expect(await read(store, ['a'])).toBe('2')
    })

    it('write nothing when their work throws, and pass the error on', async () => {
      const failing = bench.store.transact((tx) => {
        tx.put(['a'], bytes('1'))
        return Promise.reject(new Error('changed my mind'))
      })
      await expect(failing).rejects.toThrow('changed my mind')
      expect(await read(bench.store, ['a'])).toBeUndefined()
    })

    it('keep values apart from the bytes that the caller holds', async () => {
      const { store } = bench
      const mine = Buffer.from('before')
      await store.transact(async (tx) => {
        tx.put(['a'], mine)
        mine.write('change')
        const got = await tx.get(['a'])
        got?.fill(0)
        for await (const pair of tx.range({ prefix: [] })) pair.value.fill(0)
      })
      expect(await read(store, ['a'])).toBe('before')
    })

    it('cannot be used after their end', async () => {
      const kept = await bench.store.transact((tx) => Promise.resolve(tx))
      expect(() => {
        kept.put(['a'], bytes('1'))
      }).toThrow('after its end')
      await expect(kept.get(['a'])).rejects.toThrow('after its end')
      await expect(list(kept, { prefix: [] })).rejects.toThrow('after its end')
    })

    it('lose no update of a counter that all read and write', async () => {
      const { store } = bench
      await Promise.all(times(60, () => store.transact(increment)))
      expect(await read(store, ['count'])).toBe('60')
    })

    it('see one state while others commit', async () => {
      const { store } = bench
      const set = (value: string) =>
        write(store, (tx) => {
          tx.put(['left'], bytes(value))
          tx.put(['right'], bytes(value))
        })
      await set('0')
      const reading = store.transact(async (tx) => {
        const left = text(await tx.get(['left']))
        await set('1')
        const right = text(await tx.get(['right']))
        return [left, right, (await list(tx, { prefix: [] })).map(([, value]) => value)]
      })
      expect(await reading).toEqual(['0', '0', ['0', '0']])
    })

    it('leave a long reading its moment, which makes no conflict and which a closing ends', async () => {
      const { store } = bench
      await write(store, (tx) => {
        for (const n of times(100, (position) => position)) tx.put(['a', n], bytes('before'))
      })
      const seen: string[] = []
      await store.read(async (reading) => {
        for await (const { value } of reading.range({ prefix: ['a'] })) {
          seen.push(text(value) ?? '')
          if (seen.length !== 1) continue
          await write(store, (tx) => {
            for (const n of times(200, (position) => position)) tx.put(['a', n], bytes('after'))
          })
        }
        expect(text(await reading.get(['a', 7]))).toBe('before')
      })
      expect(seen).toEqual(times(100, () => 'before'))
      expect(await read(store, ['a', 7])).toBe('after')

      const ended = store.read(async (reading) => {
        void store.close()
        for await (const pair of reading.range({ prefix: ['a'] })) seen.push(text(pair.value) ?? '')
      })
      await expect(ended).rejects.toMatchObject({ code: 'STORE_CLOSED' })
    })

    it('prevent write skew over keys', async () => {
      const { store } = bench
      await write(store, (tx) => {
        tx.put(['on call', 'a'], bytes('yes'))
        tx.put(['on call', 'b'], bytes('yes'))
      })
      const leave = (who: string, other: string) =>
        store.transact(async (tx) => {
          const stays = text(await tx.get(['on call', other])) === 'yes'
          await pause(3)
          if (stays) tx.put(['on call', who], bytes('no'))
        })
      await Promise.all([leave('a', 'b'), leave('b', 'a')])
      const left = await store.transact((tx) => list(tx, { prefix: ['on call'] }))
      expect(left.map(([, value]) => value).toSorted()).toEqual(['no', 'yes'])
    })

    it('prevent write skew over ranges: what was not there counts as read', async () => {
      const { store } = bench
      const book = (name: string) =>
        store.transact(async (tx) => {
          const taken = await list(tx, { prefix: ['room'] })
          await pause(3)
          if (taken.length === 0) tx.put(['room', name], bytes(name))
        })
      await Promise.all([book('a'), book('b'), book('c')])
      expect(await store.transact((tx) => list(tx, { prefix: ['room'] }))).toHaveLength(1)
    })

    it('are not disturbed behind the limit of a range', async () => {
      const { store } = bench
      await write(store, (tx) => {
        for (let n = 0; n < 10; n++) tx.put(['n', n], bytes('x'))
      })
      const runsWhile = async (reverse: boolean, touched: number) => {
        let runs = 0
        await store.transact(async (tx) => {
          runs += 1
          await list(tx, { prefix: ['n'] }, { limit: 3, reverse })
          if (runs === 1) {
            await write(store, (other) => {
              other.put(['n', touched], bytes('y'))
            })
          }
          tx.put(['done'], bytes('x'))
        })
        return runs
      }
      expect(await runsWhile(false, 5)).toBe(1)
      expect(await runsWhile(false, 1.5)).toBe(2)
      expect(await runsWhile(true, 5)).toBe(1)
      expect(await runsWhile(true, 7.5)).toBe(2)
    })

    it('are disturbed by what comes among the keys that were counted, and by nothing behind them', async () => {
      const { store } = bench
      await write(store, (tx) => {
        for (let n = 0; n < 10; n++) tx.put(['n', n], bytes('x'))
      })
      const runsWhile = async (max: number, touched: number) => {
        let runs = 0
        await store.transact(async (tx) => {
          runs += 1
          await tx.count({ prefix: ['n'] }, max)
          if (runs === 1) {
            await write(store, (other) => {
              other.put(['n', touched], bytes('y'))
            })
          }
          tx.put(['done'], bytes('x'))
        })
        return runs
      }
      expect(await runsWhile(3, 5)).toBe(1)
      expect(await runsWhile(3, 1.5)).toBe(2)
      expect(await runsWhile(20, 99)).toBe(2)
    })

    it('count own writes, also what was only added to, and nothing that was deleted', async () => {
      const { store } = bench
      await write(store, (tx) => {
        for (let n = 0; n < 3_000; n++) tx.put(['n', n], bytes('x'))
        tx.add(['n', 'sum'], 1)
      })
      await store.transact(async (tx) => {
        tx.delete(['n', 7])
        tx.put(['n', 8], bytes('again'))
        tx.put(['n', 9.5], bytes('new'))
        tx.add(['n', 'sum'], 1)
        tx.add(['n', 'other'], 1)
        expect(await tx.count({ prefix: ['n'] })).toBe(3_002)
        expect(await tx.count({ prefix: ['n'] }, 2_000)).toBe(2_000)
        expect(await tx.count({ prefix: ['n'] }, 0)).toBe(0)
        expect(await tx.count({ from: ['n', 5], to: ['n', 10] })).toBe(5)
        expect(await tx.count({ from: ['n', 10], to: ['n', 5] })).toBe(0)
      })
    })

    it('add without conflicts, and readers of the sum conflict', async () => {
      const { store } = bench
      let runs = 0
      await Promise.all(
        times(200, (n) =>
          store.transact(async (tx) => {
            runs += 1
            await pause(n % 5)
            tx.add(['count'], n)
          }),
        ),
      )
      expect(runs).toBe(200)
      expect(await count(store)).toBe(19_900)

      let readerRuns = 0
      await store.transact(async (tx) => {
        readerRuns += 1
        const before = readCounter(await tx.get(['count']))
        if (readerRuns === 1)
          await write(store, (other) => {
            other.add(['count'], 1)
          })
        tx.put(['copy'], bytes(String(before)))
      })
      expect(readerRuns).toBe(2)
      expect(await read(store, ['copy'])).toBe('19901')
    })

    it('combine adds with puts, deletes and reads in the order they were made', async () => {
      const { store } = bench
      await write(store, (tx) => {
        tx.add(['count'], 5)
      })
      await store.transact(async (tx) => {
        tx.add(['count'], -7)
        expect(readCounter(await tx.get(['count']))).toBe(-2)
        tx.delete(['count'])
        tx.add(['count'], 3)
        tx.add(['count'], 4)
        expect(readCounter(await tx.get(['count']))).toBe(7)
        const [pair] = await collect(tx)
        expect(readCounter(pair?.value)).toBe(7)
      })
      expect(await count(store)).toBe(7)
      await write(store, (tx) => {
        tx.put(['count'], Buffer.alloc(8))
        tx.add(['count'], 1)
      })
      expect(await count(store)).toBe(1)
    })

    it('fail alone when they add to what is no counter', async () => {
      const { store } = bench
      await write(store, (tx) => {
        tx.put(['name'], bytes('no counter'))
      })
      const outcomes = await Promise.allSettled([
        write(store, (tx) => {
          tx.put(['a'], bytes('1'))
        }),
        write(store, (tx) => {
          tx.put(['b'], bytes('1'))
          tx.add(['name'], 1)
        }),
        write(store, (tx) => {
          tx.put(['c'], bytes('1'))
        }),
      ])
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      expect(outcomes[1]).toMatchObject({ reason: { code: 'STORE_CORRUPT' } })
      const keys = await store.transact((tx) => list(tx, { prefix: [] }))
      expect(keys.map(([key]) => key[0])).toEqual(['a', 'c', 'name'])
      await expect(
        write(store, (tx) => {
          tx.add(['a'], 0.5)
        }),
      ).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      })
    })

    it('come through however often they lose, and let the others go on', async () => {
      const { store } = bench
      let done = false
      const others = times(4, async () => {
        while (!done) await store.transact(increment)
      })
      let runs = 0
      await store.transact(async (tx) => {
        runs += 1
        const before = text(await tx.get(['count']))
        await pause(60)
        tx.put(['copy'], bytes(before ?? '0'))
      })
      done = true
      await Promise.all(others)
      expect(runs).toBeGreaterThan(2)
      expect(Number(await read(store, ['copy']))).toBeGreaterThan(0)
    })

    it('give up with TX_CONFLICT when what they read changes in every run', async () => {
      const { store } = bench
      const spoiled = store.transact(async (tx) => {
        const before = text(await tx.get(['count']))
        await store.transact(increment)
        tx.put(['copy'], bytes(before ?? '0'))
      })
      await expect(spoiled).rejects.toMatchObject({ code: 'TX_CONFLICT' })
      await store.transact(increment)
    })
  })
}

async function increment(tx: Transaction): Promise<void> {
  const before = Number(text(await tx.get(['count'])) ?? '0')
  tx.put(['count'], bytes(String(before + 1)))
}

function count(store: Store): Promise<number> {
  return store.transact(async (tx) => readCounter(await tx.get(['count'])))
}

async function collect(tx: Transaction) {
  const pairs = []
  for await (const pair of tx.range({ prefix: [] })) pairs.push(pair)
  return pairs
}
