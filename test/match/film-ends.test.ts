import { describe, expect, it } from 'vitest'
import { lastingPieces } from '../../src/match/film-ends.ts'
import { alignInTime, type FramePair } from '../../src/match/film-time.ts'
import type { Frame } from '../../src/match/frames.ts'

/** A film of 20 s, one frame each second, that is cut at some of them: each shot is 128 bits from the next. */
function film(...cuts: readonly number[]): readonly Frame[] {
  return Array.from({ length: 20 }, (_, seconds): Frame => {
    const shot = cuts.filter((cut) => cut <= seconds).length
    const word = shot % 2 === 0 ? 0 : 0xffffffff
    return { seconds, hashes: [new Uint32Array([word, word, word, word, 0, 0, 0, 0])], distinct: 0 }
  })
}

/** Pairs of what one shows from `from` to `to`, on one line of time. */
function pairs(from: number, to: number, speed = 1, offset = 0): readonly FramePair[] {
  return [from, (from + to) / 2, to].map((seconds) => {
    return { seconds, itemSeconds: speed * seconds + offset }
  })
}

describe('a piece of a film', () => {
  const told = (some: readonly FramePair[], own: readonly Frame[], item: readonly Frame[]) =>
    lastingPieces(alignInTime(some), own, item)

  it('reaches as far as the shot that both films show', () => {
    const [one] = told(pairs(6, 8), film(4, 12), film(5, 15))
    expect(one).toEqual({ from: 5, to: 11, itemFrom: 5, itemTo: 11 })
    const [other] = told(pairs(6, 8, 1, 2), film(), film(7, 12))
    expect(other).toEqual({ from: 5, to: 9, itemFrom: 7, itemTo: 11 })
  })

  it('reaches to the ends of a film that is not cut', () => {
    expect(told(pairs(6, 8), film(), film())).toEqual([
      { from: 0, to: 19.5, itemFrom: 0, itemTo: 19.5 },
    ])
    const told19 = lastingPieces(alignInTime(pairs(6, 8)), film(), film(), { endSeconds: 19.1 })
    expect(told19[0]?.to).toBe(19.1)
  })

  it('ends where it was last compared, where the cut may be on either side', () => {
    const within = [...pairs(6, 8), { seconds: 11.4, itemSeconds: 11.4 }]
    expect(told(within, film(12), film())[0]).toMatchObject({ from: 0, to: 11.4 })
  })

  it('of another speed or backwards keeps its line', () => {
    const [faster] = told(pairs(4, 8, 2, -4), film(), film(2, 16))
    expect(faster).toEqual({ from: 3, to: 9.5, itemFrom: 2, itemTo: 15 })
    const [backwards] = told(pairs(4, 8, -1, 14), film(), film(6, 12))
    expect(backwards).toEqual({ from: 3, to: 8, itemFrom: 11, itemTo: 6 })
  })

  it('does not reach into the next one, and is one with what goes on where it ends', () => {
    const two = [...pairs(2, 4), ...pairs(10, 12, 1, -8)]
    expect(told(two, film(), film())).toEqual([
      { from: 0, to: 10, itemFrom: 0, itemTo: 10 },
      { from: 10, to: 19.5, itemFrom: 2, itemTo: 11.5 },
    ])
    const onward = [...pairs(2, 4), ...pairs(12, 14)]
    expect(told(onward, film(), film())).toEqual([{ from: 0, to: 19.5, itemFrom: 0, itemTo: 19.5 }])
  })

  it('is no longer than what was compared where the film would not show its cuts', () => {
    const small = lastingPieces(alignInTime(pairs(6, 8)), film(), film(), {
      showsCuts: ({ seconds }) => seconds !== 7,
    })
    expect(small).toEqual([{ from: 6, to: 8, itemFrom: 6, itemTo: 8 }])
  })

  it('ends at a cut between bars that stay as they are', () => {
    const barred = film(12).map((one) => ({ ...one, hashes: [new Uint32Array(8), ...one.hashes] }))
    expect(told(pairs(6, 8), barred, film())[0]).toMatchObject({ from: 0, to: 11 })
  })

  it('is not told of one pair alone', () => {
    expect(told([{ seconds: 3, itemSeconds: 9 }], film(), film())).toEqual([])
  })
})
