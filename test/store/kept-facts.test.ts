import { EventEmitter, once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  Collection,
  keySpace,
  type ReadTransaction,
  KeptFacts,
  type Row,
  take,
  type Transaction,
} from '../../src/store/index.ts'
import { openTestContext, type TestContext } from '../context.ts'
import { SeededRandom } from '../../src/core/index.ts'

interface Clear {
  readonly state: string
}
interface Sealed {
  readonly name: string
}

/** More than the store knows the last writer of. */
const MANY_KEYS = 33_000

let context: TestContext
let letters: Collection<Clear, Sealed>
let opened: string[]
let kept: KeptFacts<Row<Clear, Sealed>, string>
beforeEach(async () => {
  context = await openTestContext()
  letters = new Collection<Clear, Sealed>(keySpace('letter'), context.sealer)
  opened = []
  kept = new KeptFacts(letters, ({ id, clear, sealed }) => {
    opened.push(id)
    return clear.state === 'void' ? undefined : `${id} ${clear.state} ${sealed.name}`
  })
})
afterEach(() => context.dispose())

const put = (tx: Transaction, id: string, state = 'open', name = `name of ${id}`) => {
  letters.put(tx, id, { state }, { name })
}
const change = (work: (tx: Transaction) => void) =>
  context.store.transact((tx) => {
    work(tx)
    return Promise.resolve()
  })
async function told(tx: ReadTransaction): Promise<readonly string[]> {
  const facts: string[] = []
  await kept.each(tx, (fact) => facts.push(fact))
  return facts
}
/** What a reading of all of them says. */
async function read(tx: ReadTransaction): Promise<readonly string[]> {
  const rows = await take(letters.rows(tx))
  return rows
    .filter(({ clear }) => clear.state !== 'void')
    .map(({ id, clear, sealed }) => `${id} ${clear.state} ${sealed.name}`)
}
const asked = () => context.store.read(told)

describe('facts that are kept of records', () => {
  it('opens each once, and then what was written since', async () => {
    await change((tx) => {
      for (const id of ['1', '2', '3']) put(tx, id)
    })
    expect(await asked()).toEqual(['1 open name of 1', '2 open name of 2', '3 open name of 3'])
    expect(await asked()).toHaveLength(3)
    expect(opened.splice(0)).toEqual(['1', '2', '3'])
    await change((tx) => {
      put(tx, '2', 'sent')
      letters.delete(tx, '1')
      put(tx, '25')
    })
    expect(await asked()).toEqual(['2 sent name of 2', '25 open name of 25', '3 open name of 3'])
    expect(opened.splice(0)).toEqual(['2', '25'])
    await change((tx) => {
      put(tx, '2', 'void')
    })
    expect(await asked()).toEqual(['25 open name of 25', '3 open name of 3'])
  })

  it('is the same as a reading of all, in whatever order acts, readings of before and own writes come', async () => {
    const random = new SeededRandom(7)
    const pick = (many: number) => random.integer(0, many - 1)
    for (let round = 0; round < 60; round += 1) {
      const acts = new EventEmitter()
      // A reading that began before the act below, and goes on behind it.
      const early = context.store.read(async (tx) => {
        await once(acts, 'done')
        return [await told(tx), await read(tx)]
      })
      await change((tx) => {
        for (let left = pick(4); left >= 0; left -= 1) {
          const id = String(pick(20))
          if (pick(3) === 0) letters.delete(tx, id)
          else put(tx, id, pick(5) === 0 ? 'void' : 'open', `name ${round}`)
        }
      })
      if (pick(2) === 0) acts.emit('done')
      const together = await Promise.all(
        [1, 2].map(() => context.store.read(async (tx) => [await told(tx), await read(tx)])),
      )
      acts.emit('done')
      const own = await context.store.transact(async (tx) => {
        const before = await told(tx)
        put(tx, String(pick(20)), 'own', `round ${round}`)
        const pair = [await told(tx), await read(tx)]
        return pick(2) === 0 ? [pair, [before, before]] : [pair]
      })
      for (const [one, other] of [await early, ...together, ...own]) expect(one).toEqual(other)
    }
  })

  it('makes a transaction that stands on it fail where somebody wrote meanwhile, and run again', async () => {
    await change((tx) => {
      put(tx, '1')
    })
    await asked()
    let runs = 0
    await context.store.transact(async (tx) => {
      runs += 1
      const count = (await told(tx)).length
      if (runs === 1)
        await change((other) => {
          put(other, '2')
        })
      put(tx, 'sum', 'open', String(count))
    })
    expect(runs).toBe(2)
    expect((await asked()).at(-1)).toBe('sum open 2')
  })

  it('leaves out what is damaged, which is noted, until it is written anew', async () => {
    await change((tx) => {
      put(tx, '1')
      put(tx, '2')
    })
    await asked()
    await change((tx) => {
      tx.put(['letter', '1'], Buffer.from('no record'))
    })
    expect(await asked()).toEqual(['2 open name of 2'])
    expect(context.store.damaged()).toEqual(['letter/1'])
    await change((tx) => {
      put(tx, '1')
    })
    expect(await asked()).toHaveLength(2)
  })

  it('reads all anew where more was written than the store knows the last writers of', async () => {
    await change((tx) => {
      put(tx, '1')
      put(tx, '2')
    })
    await asked()
    await change((tx) => {
      put(tx, '2', 'sent')
    })
    await change((tx) => {
      for (let key = 0; key < MANY_KEYS; key += 1) tx.put(['other', key], Buffer.alloc(1))
    })
    opened = []
    expect(await asked()).toEqual(['1 open name of 1', '2 sent name of 2'])
    expect(opened).toEqual(['1', '2'])
  })
})
