import { describe, expect, it } from 'vitest'
import { tailOf } from '../../bench/nodes/tail.ts'

/** Nine of ten take 1 ms, one takes 50. */
const TIMES = [...Array.from({ length: 9 }, () => 1), 50]
const ANSWER_MS = 2_000

describe('the simulation of lookups over shards', () => {
  const unhedged = { hedgeMs: undefined, answerMs: ANSWER_MS }
  const hedged = { hedgeMs: 2, answerMs: ANSWER_MS }

  it('is the same for the same seed', () => {
    const scene = { shards: 8, ...hedged, slowTimes: 20 }
    expect(tailOf(TIMES, scene, 1)).toEqual(tailOf(TIMES, scene, 1))
    expect(tailOf(TIMES, scene, 1)).not.toEqual(tailOf(TIMES, scene, 2))
  })

  it('waits for the slowest of more shards', () => {
    // 0.9 to the power of 4 is over a half, of 8 it is not.
    expect([1, 4, 8].map((shards) => tailOf(TIMES, { shards, ...unhedged }, 1).p50)).toEqual([
      1, 1, 50,
    ])
    expect(tailOf(TIMES, { shards: 1, ...unhedged }, 1).requests).toBe(1)
  })

  it('asks another holder, and takes the answer that is there first', () => {
    const { p50, p99, requests } = tailOf(TIMES, { shards: 8, ...hedged }, 1)
    expect([p50, p99]).toEqual([3, 50])
    expect(requests).toBeCloseTo(1.1, 1)
  })

  it('has one slow node in half of the lookups, and one lost node only until another is asked', () => {
    const scene = { shards: 2, slowTimes: 20 }
    expect(tailOf([1], { ...scene, ...unhedged }, 1)).toMatchObject({ p99: 20 })
    expect(tailOf([1], { ...scene, ...hedged }, 1)).toMatchObject({ p99: 3 })
    const lost = { shards: 2, isOneLost: true }
    expect(tailOf([1], { ...lost, ...unhedged }, 1)).toMatchObject({ p99: ANSWER_MS + 1 })
    expect(tailOf([1], { ...lost, ...hedged }, 1)).toMatchObject({ p99: 3 })
  })
})
