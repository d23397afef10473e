import { describe, expect, it } from 'vitest'
import { SeededRandom } from '../../src/core/index.ts'
import { breakUntil, minutesSince, type Stretch, withAct } from '../../src/looks/stretches.ts'

const RULE = { breakMinutes: 10, dayMinute: 0 }

function after(minutes: readonly number[], rule = RULE): readonly Stretch[] {
  return minutes.reduce<readonly Stretch[]>((all, minute) => withAct(all, minute, rule), [])
}

describe('stretches of work', () => {
  it('go from act to act, and a break ends them', () => {
    expect(after([0, 9, 18])).toEqual([[0, 18]])
    expect(after([0, 10])).toEqual([
      [0, 0],
      [10, 10],
    ])
    expect(minutesSince(after([0, 9, 30, 31]), 0)).toBe(12)
  })

  it('are as long as a count minute by minute says', () => {
    const random = new SeededRandom(4)
    for (let round = 0; round < 50; round += 1) {
      let minute = 0
      const acts = Array.from({ length: 40 }, () => (minute += (random.bytes(1)[0] ?? 0) % 20))
      const worked = new Set<number>()
      for (const [at, act] of acts.entries()) {
        worked.add(act)
        const before = acts[at - 1] ?? act
        if (act - before < 10) for (let one = before; one < act; one += 1) worked.add(one)
      }
      expect(minutesSince(after(acts), 0)).toBe(worked.size)
      const since = Array.from(worked).filter((one) => one >= 100).length
      expect(minutesSince(after(acts), 100)).toBe(since)
    }
  })

  it('ask for a break at the end of an hour less a break, which ends so long after the last act', () => {
    const acts = [0, 8, 16, 24, 32, 40, 48]
    expect(breakUntil(after(acts), 49, 10)).toBeUndefined()
    expect(breakUntil(after(acts), 50, 10)).toBe(58)
    expect(breakUntil(after(acts), 57, 10)).toBe(58)
    expect(breakUntil(after(acts), 58, 10)).toBeUndefined()
    expect(breakUntil(after(acts), 50, 0)).toBeUndefined()
  })

  it('go on over midnight, and count to the day in which they are', () => {
    const late = after([1_430, 1_439], { breakMinutes: 10, dayMinute: 0 })
    const over = withAct(late, 1_445, { breakMinutes: 10, dayMinute: 1_440 })
    expect(over).toEqual([[1_430, 1_445]])
    expect(minutesSince(over, 1_440)).toBe(6)
    const rested = withAct(late, 1_460, { breakMinutes: 10, dayMinute: 1_440 })
    expect(rested).toEqual([[1_460, 1_460]])
  })
})
