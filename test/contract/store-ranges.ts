import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Key } from '../../src/store/index.ts'
import { type OpenStore, storeBench } from './store-bench.ts'
import { bytes, compareKeys, list, read, write } from './store-helpers.ts'

const keyParts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.constantFrom('', '\0', '\0\0', 'a', 'a\0', 'a\u00ff', '\uffff', '\u{10000}'),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(-0, Number.MIN_VALUE, -Number.MAX_VALUE, Number.MAX_SAFE_INTEGER, 0.1),
  fc.uint8Array({ maxLength: 4 }),
  fc.constantFrom(Uint8Array.of(), Uint8Array.of(0), Uint8Array.of(0, 255), Uint8Array.of(255)),
)

/** The order of keys, and every way to read a part of it. */
export function rangeContract(open: OpenStore): void {
  describe('keys and ranges', () => {
    const bench = storeBench(open)

    it('sorts tuples part by part and gives them back as they were', async () => {
      let run = 0
      const keys = fc.array(fc.array(keyParts, { maxLength: 3 }), { maxLength: 12 })
      await fc.assert(
        fc.asyncProperty(keys, async (tuples) => {
          run += 1
          const expected = sorted(tuples.map((tuple) => [run, ...tuple.map(withoutMinusZero)]))
          await write(bench.store, (tx) => {
            for (const tuple of tuples) tx.put([run, ...tuple], bytes('x'))
          })
          const found = await bench.store.transact((tx) => list(tx, { from: [run], to: [run + 1] }))
          expect(found.map(([key]) => key)).toEqual(expected)
          for (const key of expected) expect(await read(bench.store, key)).toBe('x')
        }),
        { numRuns: 100 },
      )
    })

    it('refuses key parts that have no place in the order', async () => {
      for (const part of [NaN, Infinity, -Infinity, '\ud800', 'a\udc00b']) {
        await expect(
          write(bench.store, (tx) => {
            tx.put(['a', part], bytes('x'))
          }),
        ).rejects.toMatchObject({ code: 'INVALID_INPUT' })
      }
    })

    it('reads below a prefix: longer keys only, and no neighbours', async () => {
      await write(bench.store, (tx) => {
        for (const key of [[], ['a'], ['a', 'b'], ['a', 'b', 1], ['a', 2], ['aa', 'b'], ['b']]) {
          tx.put(key, bytes('x'))
        }
      })
      const below = async (prefix: Key) => {
        const pairs = await bench.store.transact((tx) => list(tx, { prefix }))
        return pairs.map(([key]) => key)
      }
      expect(await below(['a'])).toEqual([
        ['a', 'b'],
        ['a', 'b', 1],
        ['a', 2],
      ])
      expect(await below([])).toHaveLength(6)
      expect(await below(['b'])).toEqual([])
    })

    it('goes forward and back, from, to, after and up to a limit, through own writes', async () => {
      const store = await bench.reopen()
      await write(store, (tx) => {
        for (let n = 0; n < 20; n += 2) tx.put(['n', n], bytes(`old ${n}`))
      })
      await store.transact(async (tx) => {
        tx.put(['n', 3], bytes('own 3'))
        tx.put(['n', 4], bytes('own 4'))
        tx.delete(['n', 6])
        tx.delete(['n', 7])
        tx.put(['n', 19], bytes('own 19'))
        tx.put(['n', 21], bytes('own 21'))
        tx.delete(['n', 21])
        const numbers = async (
          ...options: Parameters<typeof list> extends [unknown, ...infer R] ? R : never
        ) => (await list(tx, ...options)).map(([key]) => key[1])
        const all = [0, 2, 3, 4, 8, 10, 12, 14, 16, 18, 19]
        const prefix = ['n']

        expect(await numbers({ prefix })).toEqual(all)
        expect(await numbers({ prefix }, { reverse: true })).toEqual(all.toReversed())
        expect(await numbers({ prefix }, { limit: 3 })).toEqual([0, 2, 3])
        expect(await numbers({ prefix }, { limit: 3, reverse: true })).toEqual([19, 18, 16])
        expect(await numbers({ prefix }, { limit: 0 })).toEqual([])
        expect(await numbers({ prefix }, { after: ['n', 3], limit: 3 })).toEqual([4, 8, 10])
        expect(await numbers({ prefix }, { after: ['n', 5], limit: 2 })).toEqual([8, 10])
        expect(await numbers({ prefix }, { after: ['n', 8], reverse: true })).toEqual([4, 3, 2, 0])
        expect(await numbers({ prefix }, { after: ['n', 19] })).toEqual([])
        expect(await numbers({ from: ['n', 3], to: ['n', 10] })).toEqual([3, 4, 8])
        expect(await numbers({ from: ['n', 10], to: ['n', 3] })).toEqual([])
        expect(
          (await list(tx, { from: ['n', 3], to: ['n', 5] })).map(([, value]) => value),
        ).toEqual(['own 3', 'own 4'])
      })
    })

    it('shows a range as it was when its reading began, whatever is written meanwhile', async () => {
      await write(bench.store, (tx) => {
        for (let n = 0; n < 5; n++) tx.put(['n', n], bytes('old'))
      })
      await bench.store.transact(async (tx) => {
        const seen = []
        for await (const { key, value } of tx.range({ prefix: ['n'] })) {
          seen.push(Buffer.from(value).toString())
          tx.put(['n', Number(key[1]) + 0.5], bytes('new'))
          tx.delete(['n', Number(key[1]) + 1])
        }
        expect(seen).toEqual(['old', 'old', 'old', 'old', 'old'])
      })
      const left = await bench.store.transact((tx) => list(tx, { prefix: ['n'] }))
      expect(left.map(([key]) => key[1])).toEqual([0, 0.5, 1.5, 2.5, 3.5, 4.5])
    })
  })
}

const withoutMinusZero = (part: Key[number]) => (part === 0 ? 0 : part)

function sorted(keys: readonly Key[]): Key[] {
  const ordered = [...keys].sort(compareKeys)
  return ordered.filter((key, at) => at === 0 || compareKeys(key, ordered[at - 1] ?? []) !== 0)
}
