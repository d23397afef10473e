import { describe, expect, it } from 'vitest'
import { judge } from '../../src/match/index.ts'
import type { RawHit, Resemblance } from '../../src/known/index.ts'
import type { KnownItem } from '../../src/register/index.ts'
import { fingerprintOf, hitOf, itemOf, POLICY } from './sample.ts'

const MODEL = 'tiny@1#00'

function alike(itemId: string, distance: number): Resemblance {
  return { itemId, model: MODEL, distance }
}

function judged(
  items: readonly KnownItem[],
  resemblances: readonly Resemblance[],
  hits: RawHit[] = [],
) {
  return judge({
    fingerprint: fingerprintOf(),
    hits,
    items: new Map(items.map((item) => [item.id, item])),
    resemblances,
    policy: POLICY,
  })
}

describe('what a learned model finds alike', () => {
  const [first, second] = [itemOf({ id: 'first' }), itemOf({ id: 'second' })]

  it('is a review, the nearest first', () => {
    const { verdict, matches } = judged([first, second], [alike('second', 0.2), alike('first', 0)])
    expect(verdict).toBe('review')
    expect(matches).toMatchObject([
      { itemId: 'first', method: 'learned', resemblance: { model: MODEL, distance: 0 } },
      { itemId: 'second', verdict: 'review', clientSupplied: false },
    ])
  })

  it('adds nothing to what a hash confirms, and goes behind it', () => {
    const hit = hitOf({ itemId: 'second' })
    const { matches } = judged([first, second], [alike('first', 0), alike('second', 0)], [hit])
    expect(matches).toMatchObject([
      { itemId: 'second', verdict: 'confirmed', method: 'pdq' },
      { itemId: 'first', verdict: 'review', method: 'learned' },
    ])
  })

  it('counts for nothing where something harmless is as near, or no list wants it found', () => {
    const harmless = itemOf({ id: 'harmless', vetoes: true, matching: 'none' })
    const found = judged(
      [first, second, harmless],
      [alike('first', 0.1), alike('harmless', 0.2), alike('second', 0.2)],
    )
    expect(found.matches.map(({ itemId }) => itemId)).toEqual(['first'])
    const unwanted = itemOf({ id: 'first', matching: 'none' })
    expect(judged([unwanted], [alike('first', 0)]).verdict).toBe('none')
    expect(judged([], [alike('gone', 0)]).verdict).toBe('none')
  })
})
