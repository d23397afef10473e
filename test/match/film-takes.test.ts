import { describe, expect, it } from 'vitest'
import type { WeighedFrame } from '../../src/match/evidence.ts'
import { isOfAnotherTake, picturesLacking } from '../../src/match/film-takes.ts'
import { ALIGNMENT } from './sample.ts'

const ACROSS = 24

/** A frame laid over a picture of a known film; three cells at each of these places differ. */
function laid(
  itemSeconds: number | undefined,
  places: readonly number[],
  change: {
    readonly verdict?: 'review'
    readonly sameFrame?: false
    readonly sign?: 'o'
    /** When the frame is; as the picture where it is absent. */
    readonly seconds?: number
    /** Cells of which the frame shows nothing. */
    readonly hidden?: readonly number[]
  } = {},
): WeighedFrame {
  const { verdict = 'confirmed', sameFrame = true, sign = '#', seconds, hidden = [] } = change
  const differing = new Set(places.flatMap((place) => [place, place + 1, place + ACROSS]))
  const map = Array.from({ length: ACROSS * ACROSS }, (_, cell) =>
    hidden.includes(cell) ? '.' : differing.has(cell) ? sign : '=',
  ).join('')
  const at = itemSeconds === undefined ? {} : { seconds: seconds ?? itemSeconds, itemSeconds }
  const alignment = { ...ALIGNMENT, ...at, map, sameFrame }
  return { verdict, method: 'features', alignment, reason: 'nearly all agrees', why: [] }
}

describe('a camera that stands', () => {
  it('tells another take by who is in no frame where a picture of the known film shows somebody', () => {
    // At 100 and 300 somebody stands in the known film, at 110 to 140 somebody walks through the other one.
    const frames = [
      laid(2, [100, 110]),
      laid(2, [100, 120]),
      laid(2, [100, 130], { verdict: 'review' }),
      laid(5, [300, 140]),
    ]
    expect(isOfAnotherTake(frames)).toBe(true)
    expect(isOfAnotherTake(frames.map((one) => ({ ...one, verdict: 'review' })))).toBe(false)
  })

  it('takes for a copy what agrees in one frame of each picture, or differs each time elsewhere', () => {
    expect(isOfAnotherTake([laid(2, [100]), laid(2, []), laid(5, [300]), laid(5, [])])).toBe(false)
    expect(isOfAnotherTake([laid(2, [100]), laid(2, [200]), laid(5, [300]), laid(5, [200])])).toBe(
      false,
    )
  })

  it('takes for a copy most of whose pictures are shown, and for another take half of which are not', () => {
    const missing = laid(2, [100])
    expect(isOfAnotherTake([missing, laid(4, []), laid(6, [])])).toBe(false)
    expect(isOfAnotherTake([missing, laid(4, [])])).toBe(true)
  })

  it('passes over what is drawn over the whole film', () => {
    const captioned = [2, 4, 6].map((at) => laid(at, [500], { sign: 'o' }))
    expect(isOfAnotherTake(captioned)).toBe(false)
    expect(isOfAnotherTake(captioned.slice(1, 2))).toBe(true)
  })

  it('knows what is drawn by the frames that show the place', () => {
    const place = [500, 501, 524]
    const moved = { sameFrame: false, hidden: place, seconds: 4.5 } as const
    const others = [laid(4, [500]), laid(4, [], moved), laid(6, [500]), laid(6, [], moved)]
    expect(isOfAnotherTake([laid(2, [500]), ...others, ...others])).toBe(false)
    // Where the other frames show the place, and nothing there, it is not drawn.
    const bare = { ...moved, hidden: [] }
    const without = [laid(4, [500]), laid(4, []), laid(4, [], bare)]
    expect(isOfAnotherTake([laid(2, [500]), ...without])).toBe(true)
  })

  it('takes for a copy what lies exactly at its moment and elsewhere just before: no camera that stands', () => {
    const before = (seconds: number) => laid(2, [200], { sameFrame: false, seconds })
    expect(isOfAnotherTake([laid(2, [100, 102]), before(1.7)])).toBe(false)
    expect(isOfAnotherTake([laid(2, [100, 102]), before(0.5)])).toBe(true)
    const held = { ...laid(2, [100, 102]), verdict: 'review' } as const
    const sure = laid(2, [100, 102], { seconds: 3 })
    expect(isOfAnotherTake([held, sure, before(1.7)])).toBe(true)
  })

  it('names the pictures that something is lacking of, for a second look', () => {
    const { lacking, sure } = picturesLacking([laid(2, [100]), laid(4, []), laid(6, [300])])
    expect([...lacking]).toEqual([2, 6])
    expect(sure).toBe(3)
  })

  it('asks more of frames that are cut or moved, which are laid less exactly', () => {
    const cut = { sameFrame: false } as const
    expect(isOfAnotherTake([laid(2, [100], cut)])).toBe(false)
    const plainly = [100, 102]
    expect(isOfAnotherTake([laid(2, plainly, cut)])).toBe(true)
    expect(isOfAnotherTake([laid(2, plainly, cut), laid(2, [110], cut)])).toBe(false)
    const captioned = [2, 4, 6].map((at) => laid(at, plainly, cut))
    expect(isOfAnotherTake(captioned)).toBe(false)
  })

  it('says nothing of pictures that are of no film', () => {
    expect(isOfAnotherTake([laid(undefined, [100])])).toBe(false)
    expect(isOfAnotherTake([])).toBe(false)
  })
})
