import { describe, expect, it } from 'vitest'
import { besideOverlay } from '../../src/match/film-overlay.ts'
import type { WeighedFrame } from '../../src/match/evidence.ts'
import type { Alignment } from '../../src/match/index.ts'
import type { MatchWhy } from '../../src/match/why.ts'
import { ALIGNMENT, POLICY } from './sample.ts'

type Place = readonly [left: number, top: number, right: number, bottom: number]

/** Two lines of a caption, in shares of the frame. */
const CAPTION: Place = [0.1, 0.75, 0.9, 0.83]

/** A grid with these places in it. */
function grid(across: number, places: readonly Place[], mark: string, other: string): string {
  return Array.from({ length: across * across }, (_, cell) => {
    const [x, y] = [((cell % across) + 0.5) / across, (Math.floor(cell / across) + 0.5) / across]
    const isIn = places.some((place) => {
      const [left, top, right, bottom] = place
      return x > left && x < right && y > top && y < bottom
    })
    return isIn ? mark : other
  }).join('')
}

const OVERLAY = grid(48, [CAPTION], '#', '.')

/** A frame that differs in some places, the first of which is the largest. */
function frame(
  places: readonly Place[],
  why: MatchWhy = { says: 'elsewhere', place: 'there', percent: 9 },
  change: Partial<Alignment> = {},
): WeighedFrame {
  const [left, top, right, bottom] = places[0] ?? [0, 0, 0, 0]
  const itemRegion = { x: left, y: top, width: right - left, height: bottom - top }
  const alignment = {
    ...ALIGNMENT,
    map: grid(24, places, '#', '='),
    differing: { share: 0.09, itemRegion },
    ...change,
  }
  return { verdict: 'review', method: 'features', alignment, reason: 'alike', why: [why] }
}

const verdictOf = (one: WeighedFrame, overlay = OVERLAY) =>
  besideOverlay(one, overlay, POLICY).verdict

describe('a frame of a film that is drawn over throughout', () => {
  it('is confirmed where all else agrees', () => {
    const found = besideOverlay(frame([CAPTION]), OVERLAY, POLICY)
    expect(found).toMatchObject({ verdict: 'confirmed', why: [] })
    expect(found.reason).toMatch(/^100% of \d+ textured cells agree beside what is drawn over/)
    expect(verdictOf(frame([CAPTION], { says: 'differs' }))).toBe('confirmed')
  })

  it('waits where somebody small stands beside it', () => {
    const itemRegion = { x: 0.1, y: 0.2, width: 0.1, height: 0.2 }
    const differingFinely = { share: 0.02, itemRegion }
    expect(verdictOf(frame([CAPTION], undefined, { differingFinely }))).toBe('review')
  })

  it('is so too where the film shows it mirrored, or in a part of its frame', () => {
    const left: Place = [0.1, 0.75, 0.4, 0.83]
    const right: Place = [0.6, 0.75, 0.9, 0.83]
    const atLeft = grid(48, [left], '#', '.')
    expect(verdictOf(frame([right]), atLeft)).toBe('review')
    expect(verdictOf(frame([right], undefined, { mirrored: true }), atLeft)).toBe('confirmed')
    const within = { region: { x: 0.5, y: 0.5, width: 0.5, height: 0.5 } }
    const small = grid(48, [[0.55, 0.875, 0.95, 0.915]], '#', '.')
    expect(verdictOf(frame([CAPTION], undefined, within), small)).toBe('confirmed')
  })

  it('is left as it is where something else differs, be it less than what is drawn over', () => {
    const somebody: Place = [0.3, 0.2, 0.5, 0.6]
    expect(verdictOf(frame([somebody]))).toBe('review')
    expect(verdictOf(frame([CAPTION, somebody]))).toBe('review')
  })

  it('is left as it is where nothing is drawn over, or too much', () => {
    expect(verdictOf(frame([CAPTION]), grid(48, [], '#', '.'))).toBe('review')
    const half: Place = [0, 0.5, 1, 1]
    expect(verdictOf(frame([half]), grid(48, [half], '#', '.'))).toBe('review')
  })

  it('is left as it is where it is doubted for something else, or shows too little beside', () => {
    expect(verdictOf(frame([CAPTION], { says: 'other-moment' }))).toBe('review')
    const plain = grid(24, [CAPTION], '#', '.').replace(/^\.{150}/, '='.repeat(150))
    expect(verdictOf(frame([CAPTION], undefined, { map: plain }))).toBe('review')
  })
})
