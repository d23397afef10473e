import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Key, readCounter, type Transaction } from '../../src/store/index.ts'
import { type OpenStore, storeBench } from './store-bench.ts'
import { bytes, compareKeys, list, pause, text, times } from './store-helpers.ts'

type Step =
  | { readonly do: 'get' | 'delete'; readonly key: Key }
  | { readonly do: 'put'; readonly key: Key; readonly value: string }
  | { readonly do: 'add'; readonly key: Key; readonly delta: number }
  | {
      readonly do: 'range'
      readonly from: Key
      readonly to: Key
      readonly options: { reverse: boolean; limit?: number; after?: Key }
    }
  | { readonly do: 'count'; readonly from: Key; readonly to: Key; readonly max?: number }
  | { readonly do: 'pause'; readonly turns: number }

// Few keys, some of them prefixes of others, so that transactions meet.
const keys = fc.oneof(
  fc.constantFrom<Key>([], ['a'], ['b']),
  fc.tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 0, max: 4 })),
)
// Counters live apart: adding to what is no counter is an error.
const counters = fc.tuple(fc.constant('a'), fc.constantFrom('x', 'y'))

const steps = fc.oneof(
  fc.record({ do: fc.constant('get' as const), key: fc.oneof(keys, counters) }),
  fc.record({ do: fc.constant('delete' as const), key: fc.oneof(keys, counters) }),
  fc.record({
    do: fc.constant('put' as const),
    key: keys,
    value: fc.string({ maxLength: 3 }),
  }),
  fc.record({
    do: fc.constant('add' as const),
    key: counters,
    delta: fc.integer({ min: -9, max: 9 }),
  }),
  fc.record({
    do: fc.constant('range' as const),
    from: keys,
    to: fc.oneof(keys, fc.constant<Key>(['c'])),
    options: fc.record(
      { reverse: fc.boolean(), limit: fc.integer({ min: 1, max: 4 }), after: keys },
      { requiredKeys: ['reverse'] },
    ),
  }),
  fc.record(
    {
      do: fc.constant('count' as const),
      from: keys,
      to: fc.oneof(keys, fc.constant<Key>(['c'])),
      max: fc.integer({ min: 0, max: 4 }),
    },
    { requiredKeys: ['do', 'from', 'to'] },
  ),
  fc.record({ do: fc.constant('pause' as const), turns: fc.integer({ min: 0, max: 2 }) }),
)
const scripts = fc.record({
  steps: fc.array(steps, { maxLength: 8 }),
  fails: fc.boolean(),
})

/** What the contract says, in the plainest way: an array that is sorted at every look. */
class Model {
  readonly #pairs = new Map<string, { key: Key; value: string }>()

  copy(): Model {
    const copy = new Model()
    for (const [name, pair] of this.#pairs) copy.#pairs.set(name, pair)
    return copy
  }

  run(step: Step): unknown {
    switch (step.do) {
      case 'get':
        return this.#pairs.get(JSON.stringify(step.key))?.value
      case 'put':
        return void this.#pairs.set(JSON.stringify(step.key), { key: step.key, value: step.value })
      case 'delete':
        return void this.#pairs.delete(JSON.stringify(step.key))
      case 'add': {
        const name = JSON.stringify(step.key)
        const sum = Number(this.#pairs.get(name)?.value ?? 0) + step.delta
        return void this.#pairs.set(name, { key: step.key, value: String(sum) })
      }
      case 'range':
        return this.#range(step)
      case 'count':
        return Math.min(
          this.#range({ ...step, do: 'range', options: { reverse: false } }).length,
          step.max ?? Infinity,
        )
      case 'pause':
        return undefined
    }
  }

  #range({
    from,
    to,
    options: { reverse, limit, after },
  }: Step & { do: 'range' }): readonly unknown[] {
    const sign = reverse ? -1 : 1
    return [...this.#pairs.values()]
      .filter(({ key }) => compareKeys(from, key) <= 0 && compareKeys(key, to) < 0)
      .filter(({ key }) => after === undefined || sign * compareKeys(key, after) > 0)
      .sort((left, right) => sign * compareKeys(left.key, right.key))
      .slice(0, limit)
      .map(({ key, value }) => [key, value])
  }
}

async function runOnStore(tx: Transaction, step: Step): Promise<unknown> {
  switch (step.do) {
    case 'get':
      return shown(step.key, await tx.get(step.key))
    case 'put':
      tx.put(step.key, bytes(step.value))
      return undefined
    case 'delete':
      tx.delete(step.key)
      return undefined
    case 'add':
      tx.add(step.key, step.delta)
      return undefined
    case 'range': {
      const found = []
      for await (const { key, value } of tx.range(step, step.options)) {
        found.push([key, shown(key, value)])
      }
      return found
    }
    case 'count':
      return tx.count(step, step.max)
    case 'pause':
      await pause(step.turns)
      return undefined
  }
}

/** Counters as the model has them. */
function shown(key: Key, value: Uint8Array | undefined): string | undefined {
  const isCounter = typeof key[1] === 'string' && value !== undefined
  return isCounter ? String(readCounter(value)) : text(value)
}

const everything: Step = { do: 'range', from: [], to: ['z'], options: { reverse: false } }

/** Random transactions against a model, one after another and all at once. */
export function modelContract(open: OpenStore): void {
  describe('against a model', () => {
    const bench = storeBench(open)

    it('behaves as a sorted list would, over restarts too', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(scripts, { maxLength: 8 }), async (run) => {
          let model = new Model()
          await clear()
          for (const { steps: script, fails } of run) {
            const attempt = model.copy()
            const running = bench.store.transact(async (tx) => {
              for (const step of script) {
                expect(await runOnStore(tx, step)).toEqual(attempt.run(step))
              }
              expect(await runOnStore(tx, everything)).toEqual(attempt.run(everything))
              if (fails) throw new Error('meant to fail')
            })
            if (fails) await expect(running).rejects.toThrow('meant to fail')
            else await running
            if (!fails) model = attempt
          }
          const state = () => bench.store.transact((tx) => runOnStore(tx, everything))
          expect(await state()).toEqual(model.run(everything))
          if (run.length % 4 === 0) await bench.reopen()
          expect(await state()).toEqual(model.run(everything))
        }),
        { numRuns: 80 },
      )
    })

    it('runs at once what could have run in the order of its versionstamps', async () => {
      const together = fc.array(scripts, { minLength: 2, maxLength: 12 })
      await fc.assert(
        fc.asyncProperty(together, async (run) => {
          await clear()
          const seen = await Promise.all(
            run.map(({ steps: script }, id) =>
              bench.store.transact(async (tx) => {
                const answers = []
                for (const step of script) answers.push(await runOnStore(tx, step))
                tx.putWithVersionstamp(['zz order'], bytes(String(id)))
                return answers
              }),
            ),
          )
          const order = await bench.store.transact((tx) => list(tx, { prefix: ['zz order'] }))
          expect(order.map(([, id]) => Number(id)).toSorted((a, b) => a - b)).toEqual(
            times(run.length, (id) => id),
          )
          const model = new Model()
          for (const [, id] of order) {
            const script = run[Number(id)]?.steps ?? []
            expect(seen[Number(id)]).toEqual(script.map((step) => model.run(step)))
          }
        }),
        { numRuns: 120 },
      )
    })

    async function clear(): Promise<void> {
      await bench.store.transact(async (tx) => {
        for await (const { key } of tx.range({ prefix: [] })) tx.delete(key)
        tx.delete([])
      })
    }
  })
}
