import { afterEach, beforeEach, expect, it } from 'vitest'
import { configWith } from '../../src/config.ts'
import { SeededRandom } from '../../src/core/index.ts'
import { lookFigures } from '../../src/stats/look-figures.ts'
import { createWorkdays } from '../../src/looks/workdays.ts'
import { openTestContext, type TestContext } from '../context.ts'

let context: TestContext
beforeEach(async () => {
  context = await openTestContext()
})
afterEach(() => context.dispose())

const month = (people: number, looks: number, further: number, notices: number) => ({
  counts: new Map([
    ['look-person', people],
    ['look', looks],
    ['look-further', further],
  ]),
  notices,
})

it('says nothing of a month in which fewer than three people looked, and counts it in no whole', () => {
  const sent = { notices: 40, corrections: 3 }
  const [few, many] = [month(2, 17, 5, 30), month(3, 4, 1, 10)] as const
  expect(lookFigures([few], sent)).toEqual({
    taken: null,
    further: null,
    noticesPerLook: null,
    correctionsPerThousandNotices: 75,
  })
  expect(lookFigures([few, many], sent)).toEqual(lookFigures([many], sent))
  expect(lookFigures([many, many], sent)).toMatchObject({
    taken: 8,
    further: 2,
    noticesPerLook: 2.5,
  })
  expect(lookFigures([month(0, 0, 0, 9)], { notices: 0, corrections: 0 })).toEqual({
    taken: 0,
    further: 0,
    noticesPerLook: null,
    correctionsPerThousandNotices: null,
  })
})

it('agrees with a count by hand', () => {
  const random = new SeededRandom(11)
  const number = (below: number) => (random.bytes(1)[0] ?? 0) % below
  for (let round = 0; round < 100; round += 1) {
    const months = Array.from({ length: 12 }, () =>
      month(number(6), number(30), number(9), number(50)),
    )
    let looks = 0
    let notices = 0
    for (const one of months) {
      if ((one.counts.get('look-person') ?? 0) < 3) continue
      looks += one.counts.get('look') ?? 0
      notices += one.notices
    }
    const figures = lookFigures(months, { notices: 1, corrections: 0 })
    expect(figures.taken).toBe(looks)
    expect(figures.noticesPerLook).toBeCloseTo(notices / looks, 0)
  }
})

it('counts each person once a month', async () => {
  const { store, clock } = context
  const { timeZone } = configWith({}).takedown
  const policy = { version: '1', looksADay: 9, hoursADay: 4, breakMinutes: 10 }
  const days = createWorkdays(context, policy, { isEnabled: true, timeZone })
  const counted = (id: string) =>
    store.transact((tx) => days.countOnce(tx, { id, pseudonym: id, kind: 'person', roles: [] }))
  expect([await counted('ann'), await counted('ann'), await counted('bo')]).toEqual([
    true,
    false,
    true,
  ])
  clock.advance(27 * 24 * 3_600_000)
  expect(await counted('ann')).toBe(false)
  clock.advance(3 * 24 * 3_600_000)
  expect(await counted('ann')).toBe(true)
})
