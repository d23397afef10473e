import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Sample, SampleAnswer } from '../../src/cases/index.ts'
import { type CountedPeriod, createStats, type Stats } from '../../src/stats/index.ts'
import { parsePeriod } from '../../src/stats/period.ts'
import { openWorld, type World } from '../cases/world.ts'

const ALL = { version: '1', ofHundred: 100 }
const PERIOD = '2026-Q4'

let world: World
let drawn = 0
beforeEach(async () => {
  world = await openWorld()
  drawn = 0
})
afterEach(() => world.context.dispose())

/** A decision that was drawn, and what the second said of it, where anybody did. */
async function sample(
  [first, second]: readonly [string, string],
  said: readonly [SampleAnswer, SampleAnswer?] = ['accepted', 'accepted'],
): Promise<Sample> {
  drawn += 1
  const { samples } = world.cases
  return world.transact(async (tx) => {
    const word = { by: first, said: said[0], reason: 'as tested' }
    await samples.draw(tx, { kind: 'match', caseId: `case-${drawn}`, ...word }, ALL)
    let found: Sample | undefined
    for await (const one of samples.waiting(tx, 'second')) {
      if (one.caseId === `case-${drawn}`) found = one
    }
    if (found === undefined) throw new Error('it was not drawn')
    const [, again] = said
    if (again === undefined) return found
    return samples.give(tx, second, found.id, { said: again, reason: 'as tested' })
  })
}

async function samplesOf(count: number, ...given: Parameters<typeof sample>): Promise<Sample[]> {
  const all: Sample[] = []
  for (let one = 0; one < count; one += 1) all.push(await sample(...given))
  return all
}

function stats(): Stats {
  const nothing = {
    // No tips came, and no notices left.
    facts: () => Promise.resolve(),
  }
  return createStats(
    world.context,
    {
      tips: nothing,
      cases: world.cases,
      notices: {
        ...nothing,
        objections: nothing,
        errands: { counts: () => Promise.resolve({ count: 0, oldestSince: null }) },
      },
      cautions: () => Promise.resolve({ onePersonLists: [], quarantined: 0 }),
    },
    { timeZone: 'UTC' },
  )
}

function counted(): Promise<CountedPeriod> {
  return world.transact((tx) => stats().counted(tx, parsePeriod(PERIOD, 'UTC')))
}

describe('the figures of what was decided again', () => {
  it('say what came of each, of the house', async () => {
    await samplesOf(45, ['ann', 'bo'])
    const differing = await samplesOf(6, ['bo', 'cy'], ['accepted', 'rejected'])
    const outcomes = ['stands', 'stands', 'corrected', 'noted'] as const
    for (const [index, outcome] of outcomes.entries()) {
      const { id = '' } = differing[index] ?? {}
      await world.transact((tx) => world.cases.samples.settle(tx, 'di', id, outcome, 'looked'))
    }
    // Taken back by the existing way, while it waited for a third.
    await world.transact((tx) => world.cases.samples.overtake(tx, 'bo', differing[4]?.caseId ?? ''))
    const { samples } = await stats().quarter(PERIOD)
    expect(samples).toEqual({ drawn: 51, again: 51, agreed: 45, differed: 6, corrected: 2 })
    const { all, groups } = (await counted()).value('sampledAgain')
    expect([all, groups]).toEqual([
      51,
      { agreed: 45, differs: 1, stands: 2, corrected: 2, noted: 1 },
    ])
  })

  it('are hidden, all of them, under 50 pairs, however many were drawn', async () => {
    await samplesOf(40, ['ann', 'bo'])
    await samplesOf(9, ['bo', 'cy'], ['rejected', 'accepted'])
    await samplesOf(20, ['ann', 'bo'], ['accepted'])
    const few = await stats().quarter(PERIOD)
    const nothing = { drawn: null, again: null, agreed: null, differed: null, corrected: null }
    expect(few.samples).toEqual(nothing)
    expect([(await counted()).rows('sampled'), (await counted()).rows('sampledAgain')]).toEqual([
      [],
      [],
    ])
    await sample(['bo', 'cy'])
    const enough = await stats().quarter(PERIOD)
    expect(enough.samples).toMatchObject({ again: 50, agreed: 41, differed: 9, corrected: 0 })
  })

  it('are hidden where only two people decided', async () => {
    await samplesOf(60, ['ann', 'bo'])
    expect((await stats().quarter(PERIOD)).samples.again).toBeNull()
    await sample(['ann', 'cy'])
    expect((await stats().quarter(PERIOD)).samples.again).toBe(61)
  })

  it('do not rise when something is drawn, but with the month, or once it is decided again', async () => {
    await samplesOf(50, ['ann', 'bo'])
    await sample(['cy', 'bo'])
    const before = JSON.stringify(await stats().quarter(PERIOD))
    await sample(['ann', 'bo'], ['accepted'])
    const taken = await sample(['ann', 'bo'], ['accepted'])
    // Nor when the first takes it back before anybody has decided again.
    await world.transact((tx) => world.cases.samples.overtake(tx, 'ann', taken.caseId))
    expect(JSON.stringify(await stats().quarter(PERIOD))).toBe(before)
    world.pass(24 * 31)
    expect((await stats().quarter(PERIOD)).samples).toMatchObject({ drawn: 53, again: 51 })
  })

  it('have rows that name nobody, no case, and no moment', async () => {
    await samplesOf(50, ['ann', 'bo'])
    const { id, caseId } = await sample(['cy', 'bo'])
    const period = await counted()
    const rows = JSON.stringify([period.rows('sampled'), period.rows('sampledAgain')])
    expect(rows).not.toMatch(new RegExp(`ann|"bo"|cy|${id}|${caseId}|2026`))
    expect(new Set(period.rows('sampled').map((row) => row.id)).size).toBe(51)
  })
})
