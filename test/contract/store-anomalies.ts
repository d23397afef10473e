import { describe, expect, it } from 'vitest'
import type { Store } from '../../src/store/index.ts'
import { type OpenStore, storeBench } from './store-bench.ts'
import { bytes, list, read, text, write } from './store-helpers.ts'

/**
 * The anomalies of Hermitage (Kleppmann, github.com/ept/hermitage), one by one: none of them ever comes about. Two
 * transactions wait for each other at the steps where the anomaly would arise; one of both runs again.
 */
export function anomalyContract(open: OpenStore): void {
  describe('transactions that meet', () => {
    const bench = storeBench(open)

    it('do not mix their writes (G0)', async () => {
      const { store } = bench
      const both = gate(2)
      const writeAll = (value: string) =>
        store.transact(async (tx) => {
          tx.put(['x'], bytes(value))
          await both()
          tx.put(['y'], bytes(value))
        })
      await Promise.all([writeAll('1'), writeAll('2')])
      expect(await read(store, ['x'])).toBe(await read(store, ['y']))
    })

    it('are not read before they are whole (G1a, G1b)', async () => {
      const { store } = bench
      await seed(store)
      const seen: (string | undefined)[] = []
      const aborted = store.transact(async (tx) => {
        tx.put(['x'], bytes('101'))
        seen.push(await read(store, ['x']))
        throw new Error('changed my mind')
      })
      await expect(aborted).rejects.toThrow('changed my mind')
      await store.transact(async (tx) => {
        tx.put(['x'], bytes('101'))
        seen.push(await read(store, ['x']))
        tx.put(['x'], bytes('11'))
      })
      expect(seen).toEqual(['10', '10'])
      expect(await read(store, ['x'])).toBe('11')
    })

    it('do not read each other in a circle (G1c)', async () => {
      const { store } = bench
      await seed(store)
      const both = gate(2)
      const cross = (own: string, other: string, value: string) =>
        store.transact(async (tx) => {
          tx.put([own], bytes(value))
          await both()
          return text(await tx.get([other]))
        })
      const [left, right] = await Promise.all([cross('x', 'y', '11'), cross('y', 'x', '22')])
      // One of them came first, and read what was before; the other one read what the first had written.
      expect([left, right]).toSatisfy(
        ([one, other]: string[]) => (one === '20') !== (other === '10'),
      )
    })

    it('are never seen to have happened for one key and not for another (OTV, G-single)', async () => {
      const { store } = bench
      await seed(store)
      const seen = await store.transact(async (tx) => {
        const x = text(await tx.get(['x']))
        await write(store, (other) => {
          other.put(['x'], bytes('12'))
          other.put(['y'], bytes('18'))
        })
        return [x, text(await tx.get(['y']))]
      })
      expect(seen).toEqual(['10', '20'])
    })

    it('do not miss what comes into a range that they read before (PMP)', async () => {
      const { store } = bench
      await seed(store)
      const counts = await store.transact(async (tx) => {
        const before = await list(tx, { prefix: ['item'] })
        await write(store, (other) => {
          other.put(['item', 3], bytes('30'))
        })
        return [before.length, (await list(tx, { prefix: ['item'] })).length]
      })
      expect(counts).toEqual([2, 2])
      const deleted = await store.transact(async (tx) => {
        const found = await list(tx, { prefix: ['item'] })
        for (const [key] of found) tx.delete(key)
        return found.length
      })
      expect(deleted).toBe(3)
      expect(await store.transact((tx) => tx.count({ prefix: ['item'] }))).toBe(0)
    })

    it('lose no update (P4)', async () => {
      const { store } = bench
      await seed(store)
      const both = gate(2)
      const increase = () =>
        store.transact(async (tx) => {
          const before = Number(text(await tx.get(['x'])))
          await both()
          tx.put(['x'], bytes(String(before + 1)))
        })
      await Promise.all([increase(), increase()])
      expect(await read(store, ['x'])).toBe('12')
    })

    it('do not each rely on what the other one changes (G2-item, G2)', async () => {
      const { store } = bench
      await seed(store)
      const both = gate(2)
      const take = (own: string) =>
        store.transact(async (tx) => {
          const sum = Number(text(await tx.get(['x']))) + Number(text(await tx.get(['y'])))
          await both()
          if (sum >= 30) tx.put([own], bytes('0'))
        })
      await Promise.all([take('x'), take('y')])
      expect([await read(store, ['x']), await read(store, ['y'])].toSorted()).not.toEqual([
        '0',
        '0',
      ])

      const meet = gate(2)
      const insert = (id: number) =>
        store.transact(async (tx) => {
          const found = await list(tx, { prefix: ['item'] })
          await meet()
          if (!found.some(([, value]) => Number(value) % 3 === 0)) {
            tx.put(['item', id], bytes(String(id * 10)))
          }
        })
      await Promise.all([insert(3), insert(6)])
      const all = await store.transact((tx) => list(tx, { prefix: ['item'] }))
      expect(all.filter(([, value]) => Number(value) % 3 === 0)).toHaveLength(1)
    })

    it('are seen in one order by all who only read (long fork)', async () => {
      const { store } = bench
      await seed(store)
      const seen: string[][] = []
      const look = async () => {
        for (let n = 0; n < 30; n++) {
          await store.read(async (reading) => {
            seen.push([text(await reading.get(['x'])) ?? '', text(await reading.get(['y'])) ?? ''])
          })
        }
      }
      const change = async (key: string) => {
        for (let n = 1; n <= 20; n++) {
          await write(store, (tx) => {
            tx.put([key], bytes(String(100 + n)))
          })
        }
      }
      await Promise.all([look(), look(), change('x'), change('y')])
      // Nobody sees the first without the second while another sees the second without the first.
      const isBefore = (one: string[], other: string[]) =>
        Number(one[0]) < Number(other[0]) && Number(one[1]) > Number(other[1])
      const forks = seen.filter((one) => seen.some((other) => isBefore(one, other)))
      expect(forks).toEqual([])
    })
  })
}

async function seed(store: Store): Promise<void> {
  await write(store, (tx) => {
    tx.put(['x'], bytes('10'))
    tx.put(['y'], bytes('20'))
    tx.put(['item', 1], bytes('10'))
    tx.put(['item', 2], bytes('20'))
  })
}

/** Opens when so many have come; who comes again passes. */
function gate(count: number): () => Promise<void> {
  let come = 0
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return () => {
    come += 1
    if (come >= count) open()
    return opened
  }
}
