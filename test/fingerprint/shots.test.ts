import { describe, expect, it } from 'vitest'
import { formatHash256, parseHash256 } from '../../src/core/index.ts'
import { Shots } from '../../src/fingerprint/shots.ts'

const NEVER = { seconds: Infinity, bits: 0 }

/** A frame whose hash is `bits` from one without any, in a part of its own where it is of another shot. */
function frame(seconds: number, bits: number, shot = 0) {
  const word = (at: number) => (at < bits ? 1 : 0)
  const own = Array.from({ length: 256 }, (_, at) => word((at + 64 * shot) % 256)).join('')
  const hex = Array.from({ length: 64 }, (_, at) =>
    parseInt(own.slice(4 * at, 4 * at + 4), 2).toString(16),
  ).join('')
  return { name: 'whole', pdq: formatHash256(parseHash256(hex)), quality: 100, seconds } as const
}

function chosen(most: number, within: typeof NEVER, frames: readonly ReturnType<typeof frame>[]) {
  const shots = new Shots<number>(most, within)
  for (const one of frames) shots.offer(one, () => one.seconds)
  return shots.chosen.map(({ seconds }) => seconds)
}

describe('one frame of each shot', () => {
  it('is the first that is no longer like the one before', () => {
    const frames = [frame(0, 0), frame(1, 20), frame(2, 40), frame(3, 50), frame(4, 80)]
    expect(chosen(64, NEVER, frames)).toEqual([0, 2, 4])
  })

  it('is one a while, where it is asked for, as far as something moves', () => {
    const still = Array.from({ length: 10 }, (_, at) => frame(at / 2, at < 6 ? 2 : 12))
    expect(chosen(64, { seconds: 1, bits: 8 }, still)).toEqual([0, 3])
    expect(chosen(64, { seconds: 2, bits: -1 }, still)).toEqual([0, 2, 4])
  })

  it('outlives those that only moved on, where there are too many', () => {
    const frames = Array.from({ length: 60 }, (_, at) => {
      const shot = Math.floor(at / 20)
      return frame(at, 64 + 4 * (at % 10), shot)
    })
    const some = chosen(8, { seconds: 1, bits: 3 }, frames)
    expect(some.length).toBeLessThanOrEqual(8)
    for (const cut of [0, 20, 40]) expect(some).toContain(cut)
    expect(Math.max(...some)).toBeGreaterThanOrEqual(40)
  })

  it('is every other one where nothing but cuts is left, from end to end', () => {
    const frames = Array.from({ length: 100 }, (_, at) => frame(at, 128, at % 2 === 0 ? 0 : 2))
    const some = chosen(10, NEVER, frames)
    expect(some.length).toBeLessThanOrEqual(10)
    expect(some.length).toBeGreaterThanOrEqual(5)
    expect(some[0]).toBe(0)
    expect(some.at(-1)).toBeGreaterThan(70)
  })
})
