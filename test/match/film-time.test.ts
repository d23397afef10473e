import { describe, expect, it } from 'vitest'
import { SeededRandom } from '../../src/core/index.ts'
import { alignInTime, type FramePair, momentOf } from '../../src/match/film-time.ts'

/** Frames a second apart, of a film that shows another one from `offset` on, so much faster. */
function shown(
  from: number,
  to: number,
  { speed = 1, offset = 0 }: { readonly speed?: number; readonly offset?: number } = {},
): FramePair[] {
  const count = Math.round(to - from) + 1
  return Array.from({ length: count }, (_, i) => {
    const seconds = from + i
    return { seconds, itemSeconds: speed * seconds + offset }
  })
}

/** Pairs by chance, as a scene has them that comes again and again. */
function chance(count: number, seed: number): FramePair[] {
  const random = new SeededRandom(seed)
  return Array.from({ length: count }, () => {
    return { seconds: random.between(0, 60), itemSeconds: random.between(0, 60) }
  })
}

describe('pieces of a film that are pieces of another one', () => {
  it.each([
    ['at the same speed', 1, 12],
    ['a quarter faster', 1.25, 3],
    ['at double speed', 2, 0],
    ['at half speed', 0.5, 7],
    ['backwards', -1, 40],
    ['backwards and faster', -1.3, 50],
  ])('are found %s, among twice as many pairs by chance', (_, speed, offset) => {
    const [first] = alignInTime([...shown(5, 20, { speed, offset }), ...chance(32, 4)])
    expect(Math.abs((first?.line.speed ?? 0) - speed)).toBeLessThan(0.1)
    expect(first?.pairs.length).toBeGreaterThanOrEqual(15)
    expect(Math.abs((first?.piece.from ?? 0) - 5)).toBeLessThan(1.5)
    expect(Math.abs((first?.piece.to ?? 0) - 20)).toBeLessThan(1.5)
    const line = first?.line ?? { speed: 1, offset: 0 }
    expect(Math.abs(momentOf(line, speed * 12 + offset) - 12)).toBeLessThan(1)
    const { itemFrom = 0, itemTo = 0 } = first?.piece ?? {}
    expect(Math.sign(itemTo - itemFrom)).toBe(Math.sign(speed))
  })

  it('are two where the middle was cut out, and each has its seconds', () => {
    const pieces = alignInTime([...shown(0, 6), ...shown(7, 15, { offset: 9 })])
    const spans = pieces.map(({ piece }) => piece).sort((a, b) => a.from - b.from)
    expect(spans).toEqual([
      { from: 0, to: 6, itemFrom: 0, itemTo: 6 },
      { from: 7, to: 15, itemFrom: 16, itemTo: 24 },
    ])
  })

  it('are those upon whose line pairs lie, though as many lie beside another one', () => {
    const inTwo = [...shown(0, 8), ...shown(9, 17, { offset: 7 })]
    // Each frame is somewhat like those around the right one: some of these lie along a line through both pieces.
    const around = inTwo.flatMap(({ seconds, itemSeconds }) =>
      [-2, -1, 1, 2].map((off) => ({ seconds, itemSeconds: itemSeconds + off, weight: 0.5 })),
    )
    const spans = alignInTime([...around, ...inTwo]).map(({ piece }) => piece)
    expect(spans.sort((a, b) => a.from - b.from)).toEqual([
      { from: 0, to: 8, itemFrom: 0, itemTo: 8 },
      { from: 9, to: 17, itemFrom: 16, itemTo: 24 },
    ])
  })

  it('tell each second of the film once, by the pair that is nearest to their line', () => {
    const twice = shown(3, 9).flatMap(({ seconds, itemSeconds }) => [
      { seconds, itemSeconds: itemSeconds + 0.6 },
      { seconds, itemSeconds },
      { seconds, itemSeconds: itemSeconds + 12 },
    ])
    const pieces = alignInTime([...twice, ...shown(3, 9)])
    expect(pieces.map(({ pairs }) => pairs)).toEqual([shown(3, 9)])
  })

  it('end where nothing follows for long, though a pair lies on the line far off', () => {
    const [first] = alignInTime([...shown(3, 9), { seconds: 55, itemSeconds: 55 }])
    expect(first?.piece).toEqual({ from: 3, to: 9, itemFrom: 3, itemTo: 9 })
  })

  it('has no length where there is one pair, and there are none without pairs', () => {
    const [only] = alignInTime([{ seconds: 4, itemSeconds: 30 }])
    expect(only?.piece).toEqual({ from: 4, to: 4, itemFrom: 30, itemTo: 30 })
    expect(only?.line).toEqual({ speed: 1, offset: 26 })
    expect(alignInTime([])).toEqual([])
  })

  it('are not made of one frame that looks like many', () => {
    const still = Array.from({ length: 20 }, (_, i) => ({ seconds: 8, itemSeconds: i }))
    const [first] = alignInTime([...still, ...shown(20, 24, { offset: 10 })])
    expect(first?.piece).toEqual({ from: 20, to: 24, itemFrom: 30, itemTo: 34 })
  })
})
