import { describe, expect, it } from 'vitest'
import { Page } from './page.ts'
import { PLANTS, type Plant } from './plants.ts'
import { play, type PlayResult } from './play.ts'
import { Violation } from './invariants.ts'

const DAYS = 20
const ITEMS = 6
/** Not every world has what a plant spoils. */
const SEEDS_TRIED = 10

describe('the simulation', () => {
  it('plays a seed again as it was', async () => {
    const first = await play({ seed: 4, days: DAYS, items: ITEMS })
    const second = await play({ seed: 4, days: DAYS, items: ITEMS })
    const other = await play({ seed: 5, days: DAYS, items: ITEMS })
    expect(first.crashes).toBeGreaterThan(0)
    expect(second).toEqual(first)
    expect(other.digest).not.toBe(first.digest)
  })

  it.each(Object.entries(PLANTS) as [Plant, string][])(
    '%s: sees "%s" break',
    async (plant, rule) => {
      expect(await firstViolation(plant)).toMatch(new RegExp(`^${rule}: `))
    },
  )
})

async function firstViolation(plant: Plant): Promise<string | undefined> {
  for (let seed = 1; seed <= SEEDS_TRIED; seed += 1) {
    const played = await play({ seed, days: DAYS, items: ITEMS, plant }).catch(violation)
    if (typeof played === 'string') return played
  }
  return undefined
}

function violation(error: unknown): string | PlayResult {
  if (error instanceof Violation) return error.message
  throw error
}

describe('a page', () => {
  it('remembers what it showed and tells a block from a removal', () => {
    const page = new Page('https://a.example/1', { subject: 's', variant: 0 }, 0)
    page.change(10, { kind: 'block-page' })
    page.change(20, { kind: 'gone' })
    expect([5, 15, 25].map((ms) => page.isThereAt(ms))).toEqual([true, true, false])
    expect(page.goneSince(25)).toBe(20)
  })
})
