import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAudit } from '../../src/audit/index.ts'
import { createSamples, type Samples } from '../../src/cases/samples.ts'
import { createSealer } from '../../src/core/index.ts'
import type { Transaction } from '../../src/store/index.ts'
import { openTestContext } from '../context.ts'
import { openWorld, type World } from './world.ts'

const PAGE = 500
/** Standard deviations: what is further off is no chance in a million. */
const FAR = 5

/** Where decisions are drawn. */
interface House {
  readonly samples: Samples
  readonly transact: <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>
}

let world: World
let house: House
beforeEach(async () => {
  world = await openWorld()
  house = { samples: world.cases.samples, transact: (work) => world.transact(work) }
})
afterEach(() => world.context.dispose())

async function drawAll(ids: readonly string[], ofHundred: number, of = house): Promise<void> {
  const rule = { version: '1', ofHundred }
  for (let from = 0; from < ids.length; from += PAGE) {
    await of.transact(async (tx) => {
      for (const caseId of ids.slice(from, from + PAGE)) {
        const word = { by: 'ann', said: 'accepted', reason: 'as tested' } as const
        await of.samples.draw(tx, { kind: 'match', caseId, ...word }, rule)
      }
    })
  }
}

/** The cases that wait to be decided again, sorted. */
async function waiting(of = house): Promise<readonly string[]> {
  return of.transact(async (tx) => {
    const found: string[] = []
    for await (const { caseId } of of.samples.waiting(tx, 'second')) found.push(caseId)
    return found.toSorted()
  })
}

function cases(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `case-${index}`)
}

describe('what is drawn of decisions', () => {
  it.each([
    [2, 10_000],
    [0.5, 10_000],
    [100, 500],
    [0, 500],
  ])(
    'is about %f of a hundred',
    async (ofHundred, count) => {
      await drawAll(cases(count), ofHundred)
      const share = ofHundred / 100
      const off = FAR * Math.sqrt(count * share * (1 - share))
      const drawn = (await waiting()).length
      expect(drawn).toBeGreaterThanOrEqual(count * share - off)
      expect(drawn).toBeLessThanOrEqual(count * share + off)
    },
    60_000,
  )

  it('is the same however often one decides, and another by the key of another house', async () => {
    await drawAll(cases(400), 50)
    const first = await waiting()
    await drawAll(cases(400), 50)
    expect(await waiting()).toEqual(first)
    const context = await openTestContext()
    try {
      const sealer = createSealer(Buffer.alloc(32, 9), context.random)
      const samples = createSamples({ ...context, sealer }, createAudit(context))
      const other: House = { samples, transact: (work) => context.store.transact(work) }
      await drawAll(cases(400), 50, other)
      expect(await waiting(other)).not.toEqual(first)
    } finally {
      await context.dispose()
    }
  })

  it('leaves no entry in the audit', async () => {
    await drawAll(cases(2), 100)
    expect(await waiting()).toHaveLength(2)
    expect(await world.audit.entries({})).toEqual([])
  })
})
