import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Classification } from '../../src/register/index.ts'
import { type CountedPeriod, createStats } from '../../src/stats/index.ts'
import { parsePeriod } from '../../src/stats/period.ts'
import { SeededRandom } from '../../src/core/index.ts'
import { openWorld, type World } from '../cases/world.ts'

const RULE = { version: '1', questions: [] }
const PERIOD = '2026-Q4'

let world: World
let given = 0
beforeEach(async () => {
  world = await openWorld()
  given = 0
})
afterEach(() => world.context.dispose())

/** So many pairs, by these two people, each with these two classes. */
async function pairs(
  count: number,
  [first, second]: readonly [string, string],
  classes: readonly [Classification, Classification] = ['Baseline', 'Baseline'],
  isDanger = false,
): Promise<void> {
  await world.transact(async (tx) => {
    for (let pair = 0; pair < count; pair += 1) {
      given += 1
      const said = { url: `https://host.example/${given}.jpg`, reason: 'as tested' }
      const { panels } = world.cases
      await panels.give(tx, first, { ...said, classification: classes[0] }, RULE, false)
      await panels.give(tx, second, { ...said, classification: classes[1] }, RULE, isDanger)
    }
  })
}

function counted(): Promise<CountedPeriod> {
  const nothing = {
    // No tips came, and no notices left.
    facts: () => Promise.resolve(),
  }
  const stats = createStats(
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
  return world.transact((tx) => stats.counted(tx, parsePeriod(PERIOD, 'UTC')))
}

/**
 * Krippendorff's alpha of nominal data by the matrix of coincidences (Krippendorff 2011, section C), with no code of ours:
 * a unit is what each of some people said of one thing, and one that fewer than two coded is in no pair.
 */
function alphaAnew(units: readonly (readonly string[])[]): number | null {
  const values = [...new Set(units.flat())]
  const matrix = values.map((one) =>
    values.map((other) =>
      units
        .filter((unit) => unit.length > 1)
        .map((unit) => {
          const pairs = unit.flatMap((a, at) =>
            unit.filter((_, next) => next !== at).map((b) => [a, b]),
          )
          return pairs.filter(([a, b]) => a === one && b === other).length / (unit.length - 1)
        })
        .reduce((sum, share) => sum + share, 0),
    ),
  )
  const margins = matrix.map((row) => row.reduce((sum, cell) => sum + cell, 0))
  const n = margins.reduce((sum, margin) => sum + margin, 0)
  const agreed = values.reduce((sum, _, at) => sum + (matrix[at]?.[at] ?? 0), 0)
  const byChance = margins.reduce((sum, margin) => sum + margin * (margin - 1), 0)
  // alpha = ((n - 1) * sum o_cc - sum n_c (n_c - 1)) / (n (n - 1) - sum n_c (n_c - 1))
  const below = n * (n - 1) - byChance
  return below === 0 ? null : ((n - 1) * agreed - byChance) / below
}

describe('the agreement of a house', () => {
  it('is counted anew as its author does: four observers, twelve units, values missing', () => {
    const coded = [
      '1 2 3 3 2 1 4 1 2 . . .',
      '1 2 3 3 2 2 4 1 2 5 . 3',
      '. 3 3 3 2 3 4 2 2 5 1 .',
      '1 2 3 3 2 4 4 1 2 5 1 .',
    ].map((line) => line.split(' '))
    const units = Array.from({ length: 12 }, (_, unit) =>
      coded.map((line) => line[unit] ?? '.').filter((value) => value !== '.'),
    )
    expect(alphaAnew(units)).toBeCloseTo(0.743, 3)
  })

  it('is what random panels make by what was said in them, counted anew', async () => {
    const classes = ['Baseline', 'National', 'Harmful', 'Ignore'] as const
    const people = ['ann', 'bo', 'cy', 'di']
    for (const seed of [1, 2, 3]) {
      await world.context.dispose()
      world = await openWorld()
      given = 0
      const random = new SeededRandom(seed)
      const units: string[][] = []
      const drawn = (below: number) => (random.bytes(1)[0] ?? 0) % below
      for (let panel = 0; panel < 60; panel += 1) {
        const first = drawn(people.length)
        const second = (first + 1 + drawn(people.length - 1)) % people.length
        const one = classes[drawn(classes.length)] ?? 'Baseline'
        const other = drawn(3) > 0 ? one : (classes[drawn(classes.length)] ?? 'Baseline')
        await pairs(1, [people[first] ?? '', people[second] ?? ''], [one, other])
        units.push([one, other])
        // What one alone has assessed is in no pair.
        if (panel % 20 > 0) continue
        const url = `https://alone.example/${panel}.jpg`
        const said = { url, reason: 'as tested', classification: one } as const
        await world.transact((tx) =>
          world.cases.panels.give(tx, people[first] ?? '', said, RULE, false),
        )
      }
      expect(units).toHaveLength(60)
      const { all } = (await counted()).value('agreement')
      expect(all).toBeCloseTo(alphaAnew(units) ?? Number.NaN, 3)
    }
  })

  it('is hidden under 50 pairs, with all that it would be made of', async () => {
    await pairs(40, ['ann', 'bo'])
    await pairs(9, ['bo', 'cy'], ['National', 'Baseline'])
    const few = await counted()
    expect([few.value('agreement').all, few.rows('agreement')]).toEqual([null, []])
    await pairs(1, ['bo', 'cy'], ['National', 'National'])
    const enough = await counted()
    expect(enough.rows('agreement')).toHaveLength(50)
    // 100 values, 10 + 1 of them National: 1 - 18 / ((89 * 11 * 2) / 99)
    expect(enough.value('agreement').all).toBeCloseTo(1 - 18 / ((89 * 11 * 2) / 99), 3)
  })

  it('is hidden where there are only two people, however many pairs', async () => {
    await pairs(60, ['ann', 'bo'])
    await pairs(10, ['bo', 'ann'], ['National', 'Baseline'])
    expect((await counted()).value('agreement').all).toBeNull()
    await pairs(1, ['ann', 'cy'])
    expect((await counted()).value('agreement').all).not.toBeNull()
  })

  it('names nobody, and does not tell who of two came first', async () => {
    await pairs(30, ['ann', 'bo'], ['National', 'Baseline'])
    await pairs(30, ['cy', 'bo'], ['Baseline', 'National'])
    const rows = (await counted()).rows('agreement')
    expect(new Set(rows.map(({ pair }) => pair?.join()))).toEqual(new Set(['Baseline,National']))
    expect(JSON.stringify(rows)).not.toMatch(/ann|bo|cy/)
  })

  it('counts the first two, and not the third who decided', async () => {
    await pairs(49, ['ann', 'bo'])
    await pairs(1, ['ann', 'bo'], ['National', 'Baseline'])
    const third = { url: `https://host.example/${given}.jpg`, reason: 'as tested' } as const
    await world.transact((tx) =>
      world.cases.panels.give(tx, 'cy', { ...third, classification: 'Harmful' }, RULE, false),
    )
    await pairs(1, ['bo', 'cy'])
    const said = (await counted()).rows('agreement').flatMap(({ pair = [] }) => pair)
    expect([said.length, said.includes('Harmful')]).toEqual([102, false])
  })

  it('counts no pair where nobody was waited for, and no other period', async () => {
    await pairs(30, ['ann', 'bo'])
    await pairs(20, ['cy', 'bo'], ['National', 'National'])
    await pairs(5, ['ann', 'bo'], ['National', 'Baseline'], true)
    world.pass(24 * 200)
    await pairs(5, ['ann', 'bo'], ['National', 'Baseline'])
    const period = await counted()
    const rows = period.rows('agreement')
    expect([period.value('agreement').all, rows.length]).toEqual([1, 50])
  })
})
