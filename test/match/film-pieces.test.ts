import { describe, expect, it } from 'vitest'
import type { WeighedFrame } from '../../src/match/evidence.ts'
import type { Placed } from '../../src/match/film-altered.ts'
import { piecesSeen } from '../../src/match/film-pieces.ts'
import type { FilmPiece } from '../../src/match/film-time.ts'
import type { Alignment } from '../../src/match/index.ts'
import type { Frame } from '../../src/match/frames.ts'
import { ALIGNMENT, hitOf, POLICY } from './sample.ts'

type Times = readonly [seconds: number, itemSeconds: number]

/** A film of 20 s, one frame each second, that is cut at some of them. */
function film(...cuts: readonly number[]): readonly Frame[] {
  return Array.from({ length: 20 }, (_, seconds): Frame => {
    const isOdd = cuts.filter((cut) => cut <= seconds).length % 2 === 1
    return { seconds, hashes: [new Uint32Array(8).fill(isOdd ? 0xffffffff : 0)], distinct: 0 }
  })
}

/** A frame that says something of the item. */
function weighed([seconds, itemSeconds]: Times, change: Partial<Alignment> = {}): WeighedFrame {
  const alignment = { ...ALIGNMENT, seconds, itemSeconds, ...change }
  return { verdict: 'confirmed', method: 'features', alignment, reason: 'all agrees', why: [] }
}

/** One that can be laid over a picture of it. */
function placed([seconds, itemSeconds]: Times, change: Partial<Alignment> = {}): Placed {
  const alignment = { ...ALIGNMENT, seconds, itemSeconds, ...change }
  return { itemId: 'item-1', seconds, itemSeconds, alignment }
}

function told(seen: Partial<Parameters<typeof piecesSeen>[0]>): readonly FilmPiece[] {
  const nothing = { weighed: [], placed: [], hits: [], frames: film(), itemFrames: film() }
  return piecesSeen({ ...nothing, endSeconds: 19.5, policy: POLICY, ...seen })
}

/** Of a title: all of it agrees, and it is next to nothing. */
const TITLE = { cells: 1, agreement: 1, strictAgreement: 1 } as const

describe('which seconds of a film are which of an item', () => {
  it('is told by all pictures that a frame looks like, and not by the clearest alone', () => {
    const inOrder = [3, 4, 5, 6, 7, 8, 9, 10, 11].map((second): Times => [second, second + 5])
    // A scene of which two frames that are kept are clear in all.
    const clearest = inOrder.map(([second]): Times => [second, second % 2 === 1 ? 8 : 16])
    const cut = { frames: film(3, 12), itemFrames: film(8, 17) }
    const weighedOnes = clearest.map((one) => weighed(one))
    const whole = { from: 3, to: 11, itemFrom: 8, itemTo: 16 }
    expect(told({ weighed: weighedOnes, ...cut })).not.toContainEqual(whole)
    const all = [...clearest, ...inOrder].map((one) => placed(one))
    expect(told({ weighed: weighedOnes, placed: all, ...cut })).toEqual([whole])
  })

  it('holds a title, which says nothing by itself', () => {
    const shots = [4, 5, 6].map((second) => weighed([second, second + 1]))
    const cut = { frames: film(3, 7), itemFrames: film(4, 8) }
    expect(told({ weighed: shots, ...cut })).toMatchObject([{ from: 3, to: 6 }])
    const title = [1, 2].map((second) => placed([second, second + 1], TITLE))
    const [whole, ...others] = told({ weighed: shots, placed: title, ...cut })
    expect(whole).toMatchObject({ from: 0, to: 6, itemTo: 7 })
    expect(whole?.itemFrom).toBeCloseTo(1)
    expect(others).toEqual([])
  })

  it('does not hold what differs, nor what a few features are somewhat like', () => {
    const shots = [4, 5, 6].map((second) => weighed([second, second + 1]))
    const cut = { frames: film(3, 7), itemFrames: film(4, 8) }
    const other = [
      placed([1, 2], { agreement: 0.5, strictAgreement: 0.5 }),
      placed([2, 3], { inliers: POLICY.inliersMin - 1 }),
    ]
    expect(told({ weighed: shots, placed: other, ...cut })).toMatchObject([{ from: 3, to: 6 }])
  })

  it('is not told of frames none of which says anything', () => {
    const titles = [1, 2, 3].map((second) => placed([second, second], TITLE))
    expect(told({ placed: titles })).toEqual([])
  })

  it('is told by the nearest hashes, and as far as frames show its cuts', () => {
    const hits = [3, 4, 5, 6].flatMap((seconds) => [
      hitOf({ seconds, itemSeconds: seconds + 2, distance: 4 }),
      hitOf({ seconds, itemSeconds: seconds + 3, distance: 20 }),
    ])
    const cut = { frames: film(2, 9), itemFrames: film() }
    expect(told({ hits, ...cut })).toEqual([{ from: 2, to: 8, itemFrom: 4, itemTo: 10 }])
    const corner = { region: { x: 0, y: 0, width: 0.5, height: 0.5 } }
    const small = [3, 4, 5, 6].map((second) => weighed([second, second + 2], corner))
    expect(told({ weighed: small, ...cut })).toEqual([{ from: 3, to: 6, itemFrom: 5, itemTo: 8 }])
  })
})
