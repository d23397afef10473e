import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { median, percentile } from '../../bench/measure.ts'

describe('percentile', () => {
  it('is a value of which at least that share is no larger, and the smallest such', () => {
    const values = fc.array(fc.integer(), { minLength: 1 })
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 100 }), (list, percent) => {
        const value = percentile(list, percent)
        const share = (limit: (other: number) => boolean) => list.filter(limit).length / list.length
        expect(list).toContain(value)
        expect(share((other) => other <= value)).toBeGreaterThanOrEqual(percent / 100)
        expect(share((other) => other < value)).toBeLessThan(percent / 100)
      }),
    )
  })

  it('gives the largest for 100, and keeps the order of its list', () => {
    const list = [3, 1, 2]
    expect(percentile(list, 100)).toBe(3)
    expect(percentile(list, 50)).toBe(2)
    expect(list).toEqual([3, 1, 2])
  })
})

describe('median', () => {
  it('is the middle, or the mean of the middle two', () => {
    expect(median([5, 1, 3])).toBe(3)
    expect(median([4, 1, 3, 2])).toBe(2.5)
  })
})
