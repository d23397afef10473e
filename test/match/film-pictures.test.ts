import { describe, expect, it } from 'vitest'
import { defined } from '../../src/core/index.ts'
import {
  type BothFilms,
  heldByPictures,
  weighPictures as weighBoth,
} from '../../src/match/film-pictures.ts'
import type { WeighedFrame } from '../../src/match/evidence.ts'
import type { Frame } from '../../src/match/frames.ts'
import type { MatchWhy } from '../../src/match/why.ts'
import { POLICY } from './sample.ts'

const WHOLE = { x: 0, y: 0, width: 1, height: 1 }

/** One frame of the sighting, laid over one of the item. */
function frame(
  seconds: number | undefined,
  itemSeconds: number | undefined,
  how: 'confirmed' | 'same-scene' | MatchWhy = 'confirmed',
): WeighedFrame {
  const why = typeof how === 'string' ? [] : [how]
  return {
    verdict: how === 'confirmed' ? 'confirmed' : 'review',
    method: 'features',
    ...(how === 'same-scene' ? { doubt: how } : {}),
    alignment: {
      inliers: 40,
      inlierShare: 0.5,
      ...defined({ seconds, itemSeconds }),
      cells: 300,
      agreement: 0.96,
      strictAgreement: 0.95,
      mirrored: false,
      negative: false,
      sameFrame: true,
      region: WHOLE,
      itemRegion: WHOLE,
    },
    reason: 'all agrees',
    why,
  }
}

/** A known film whose pictures all differ, one each second: they move on by 40 bits, and every six seconds it is cut. */
const DIFFERENT = Array.from({ length: 30 }, (_, seconds): Frame => {
  return { seconds, hashes: [hashOf(seconds % 6, 40)], distinct: seconds }
})
/** One in which nothing ever changes. */
const STATIC = DIFFERENT.map((one) => ({ ...one, hashes: [hashOf(0, 0)], distinct: 0 }))

/** One without a cut, in which something moves. */
const MOVING = STATIC.map((one) => ({ ...one, distinct: one.seconds }))

/** The first `bits * times` of its 256 bits are set. */
function hashOf(times: number, bits: number): Uint32Array {
  return Uint32Array.from({ length: 8 }, (_, word) => {
    const ones = Math.max(0, Math.min(32, bits * times - 32 * word))
    return ones === 32 ? 0xffffffff : 2 ** ones - 1
  })
}

/** Two films of half a minute, none of which begins or ends with what is found. */
function weighPictures(
  found: readonly WeighedFrame[],
  moments: BothFilms['moments'],
  itemFrames: readonly Frame[],
  more: Partial<BothFilms> = {},
) {
  const both = {
    frames: MOVING,
    pieces: [],
    lastSeconds: 29,
    isNear: false,
    isShared: () => false,
    policy: POLICY,
    ...more,
  }
  return weighBoth(found, { moments, itemFrames, ...both })
}

describe('pictures of a film that are pictures of a known one', () => {
  it('confirm the film where two different ones lie on one line of time', () => {
    const two = [frame(2, 12), frame(5, 15)]
    const found = weighPictures(two, [], DIFFERENT)
    expect(found).toMatchObject({ verdict: 'confirmed', method: 'film' })
    expect(found?.reason).toBe(
      'at 2.0 to 5.0 s it shows 12.0 to 15.0 s of a known film; the clearest picture: all agrees',
    )
    // What else tells it may tell of more.
    const pieces = [{ from: 1, to: 7, itemFrom: 11, itemTo: 17 }]
    expect(weighPictures(two, [], DIFFERENT, { pieces })?.reason).toMatch(
      /^at 1\.0 to 7\.0 s it shows 11\.0 to 17\.0 s of a known film; /,
    )
  })

  it('confirm one picture where the film is one picture, however many frames show it', () => {
    const found = weighPictures([frame(2, 12), frame(5, 15), frame(8, 18)], [], STATIC)
    expect(found).toMatchObject({ verdict: 'confirmed', method: 'frame' })
    expect(found?.reason).toMatch(/^the frame at \d\.0 s is in the known film at 1\d\.0 s: /)
  })

  it('confirm one picture where the film holds one, however many of the known film it looks like', () => {
    const found = weighPictures([frame(2, 12), frame(5, 15)], [], DIFFERENT, { frames: STATIC })
    expect(found).toMatchObject({ verdict: 'confirmed', method: 'frame' })
  })

  it('confirm one picture where one is found, and say nothing of the rest', () => {
    const found = weighPictures([frame(2, 12)], [{ seconds: 2, itemSeconds: 12 }], DIFFERENT)
    expect(found).toMatchObject({ verdict: 'confirmed', method: 'frame' })
  })

  it('are of another take where others are not there at their very moments', () => {
    const moments = [12, 14, 16].map((itemSeconds) => ({ seconds: itemSeconds - 10, itemSeconds }))
    expect(weighPictures([frame(2, 12)], moments, DIFFERENT)).toMatchObject({
      verdict: 'review',
      doubt: 'same-scene',
      why: [{ says: 'another-take' }],
    })
  })

  it('are not of another take where the film is cut before the others would be shown', () => {
    const moments = [14, 16, 17].map((itemSeconds) => ({ seconds: itemSeconds - 10, itemSeconds }))
    const cut = MOVING.map((one) => (one.seconds < 4 ? one : { ...one, hashes: [hashOf(5, 40)] }))
    const found = [frame(2, 12), frame(3, 13)]
    expect(weighPictures(found, moments, DIFFERENT)).toMatchObject({
      why: [{ says: 'another-take' }],
    })
    expect(weighPictures(found, moments, DIFFERENT, { frames: cut })).toMatchObject({
      verdict: 'confirmed',
      method: 'film',
    })
  })

  it('are other moments where the film is no nearer to those that it would show than to others', () => {
    const found = [frame(2, 12), frame(5, 15)]
    // Before one camera: who moves there changes 20 bits, each second others.
    const moving = (from: number, noise: number) =>
      Array.from({ length: 30 }, (_, seconds): Frame => {
        const hash = new Uint32Array(8)
        const place = 6 * ((from + seconds) % 40)
        const flip = (bit: number) => {
          hash[bit >> 5] = (hash[bit >> 5] ?? 0) ^ (1 << (bit & 31))
        }
        for (let bit = place; bit < place + 12; bit++) flip(bit)
        for (let bit = 244; bit < 244 + noise; bit++) flip(bit)
        return { seconds, hashes: [hash], distinct: seconds }
      })
    const known = moving(0, 0)
    expect(weighPictures(found, [], known, { frames: moving(23, 0) })).toMatchObject({
      verdict: 'review',
      why: [{ says: 'other-moment' }],
    })
    const copies = [moving(10, 0), moving(10, 12)]
    for (const frames of copies) {
      expect(weighPictures(found, [], known, { frames })?.verdict).toBe('confirmed')
    }
  })

  it('are of another take where others show something else in one place', () => {
    const found = [frame(2, 12), frame(4, 14, 'same-scene'), frame(6, 16, 'same-scene')]
    expect(weighPictures(found, [], DIFFERENT)?.verdict).toBe('review')
    const most = [frame(2, 12), frame(4, 14), frame(5, 15), frame(6, 16, 'same-scene')]
    expect(weighPictures(most, [], DIFFERENT)).toMatchObject({
      verdict: 'confirmed',
      method: 'film',
    })
  })

  it('confirm by three that show a part alone, and not by two', () => {
    const part = (seconds: number) => frame(seconds, seconds + 10, { says: 'part-of-part' })
    expect(weighPictures([part(2), part(4)], [], DIFFERENT)?.verdict).toBe('review')
    expect(weighPictures([part(2), part(4), part(6)], [], DIFFERENT)?.verdict).toBe('confirmed')
  })

  it('never confirm where each is doubted for what it shows', () => {
    const doubted = [2, 4, 6, 8].map((at) => frame(at, at + 10, { says: 'background' }))
    expect(weighPictures(doubted, [], DIFFERENT)?.verdict).toBe('review')
  })

  it('that are in no order confirm one picture, and not the film', () => {
    const found = [frame(2, 25), frame(9, 3), frame(20, 14)]
    const moments = [3, 14, 25].map((itemSeconds) => ({ seconds: 2, itemSeconds }))
    const said = weighPictures(found, moments, DIFFERENT)
    expect(said).toMatchObject({ verdict: 'confirmed', method: 'frame' })
  })
})

describe('parts of pictures', () => {
  const part = (seconds: number) => frame(seconds, seconds, { says: 'part-of-part' })
  const turned = (seconds: number) => frame(seconds + 0.2, seconds, { says: 'beside' })

  it('confirm a film by three, and by none that another frame shows from a camera that has turned', () => {
    const parts = [14, 17, 20].map(part)
    expect(weighPictures(parts, [], DIFFERENT)).toMatchObject({ verdict: 'confirmed' })
    const beside = [...parts, turned(14), turned(17), turned(20)]
    expect(weighPictures(beside, [], DIFFERENT)?.verdict).toBe('review')
    expect(weighPictures([...parts, turned(20)], [], DIFFERENT)?.verdict).toBe('review')
    const sure = [14, 17, 20].map((at) => frame(at, at))
    expect(weighPictures([...sure, turned(14)], [], DIFFERENT)?.verdict).toBe('confirmed')
  })
})

describe('a small part that two films have in common', () => {
  const intro = [frame(0, 0), frame(1, 1), frame(2, 2)]

  it('is left to a person where both begin or end with it', () => {
    expect(weighPictures(intro, [], DIFFERENT)).toMatchObject({
      verdict: 'review',
      why: [{ says: 'both-ends' }],
    })
    const outro = [frame(27, 27), frame(29, 29)]
    expect(weighPictures(outro, [], DIFFERENT)?.verdict).toBe('review')
    const within = [frame(27, 3), frame(29, 5)]
    expect(weighPictures(within, [], DIFFERENT)?.verdict).toBe('confirmed')
  })

  it('takes nothing from another part that they share, unless that is no part of its own', () => {
    const outro = [frame(26, 26), frame(28, 28), frame(29, 29)]
    expect(weighPictures([...intro, ...outro], [], DIFFERENT)?.verdict).toBe('review')
    const middle = [frame(12, 14), frame(13, 15)]
    const both = weighPictures([...intro, ...middle], [], DIFFERENT)
    expect(both).toMatchObject({ verdict: 'confirmed', method: 'film' })
    expect(both?.reason).toContain('at 12.0 to 13.0 s it shows 14.0 to 15.0 s')
    expect(weighPictures([...intro, frame(13, 15)], [], DIFFERENT)?.verdict).toBe('review')
  })

  it('confirms where it is half of one of them', () => {
    expect(weighPictures(intro, [], DIFFERENT, { lastSeconds: 3 })?.verdict).toBe('confirmed')
    expect(weighPictures(intro, [], DIFFERENT.slice(0, 4))?.verdict).toBe('confirmed')
    // Of what the middle was cut out of, both ends together.
    const ends = [frame(0, 0), frame(4, 4), frame(7, 7), frame(8, 20), frame(12, 24), frame(15, 27)]
    expect(weighPictures(ends, [], DIFFERENT, { lastSeconds: 25 })?.verdict).toBe('confirmed')
  })

  it('is left to a person where several known films show it', () => {
    const found = [frame(12, 3), frame(14, 5)]
    expect(weighPictures(found, [], DIFFERENT, { isShared: () => true })).toMatchObject({
      verdict: 'review',
      why: [{ says: 'several-films' }],
    })
    const own = { isShared: (seconds: number) => seconds === 12 }
    expect(weighPictures(found, [], DIFFERENT, own)?.verdict).toBe('confirmed')
  })

  it('says nothing where it is a room in which something else is seen, and no hash is near', () => {
    const room = [2, 5, 8].map((at) => frame(at, at + 10, 'same-scene'))
    expect(weighPictures(room, [], STATIC)).toBeUndefined()
    expect(weighPictures(room, [], MOVING)).toBeUndefined()
    expect(weighPictures(room, [], STATIC, { isNear: true })?.doubt).toBe('same-scene')
    expect(weighPictures(room, [], DIFFERENT)?.doubt).toBe('same-scene')
    expect(weighPictures([...room, frame(9, 19)], [], MOVING)?.verdict).toBe('review')
    // As far apart as in the known film: not once here and once there.
    const scattered = [frame(2, 12, 'same-scene'), frame(4, 25, 'same-scene')]
    expect(weighPictures(scattered, [], DIFFERENT)).toBeUndefined()
  })

  it('says nothing where one moment is somewhat like another, unless the film is no longer than that', () => {
    const alike = [frame(12, 3, { says: 'few-features' }), frame(12.4, 3, { says: 'differs' })]
    expect(weighPictures(alike, [], DIFFERENT)).toBeUndefined()
    expect(weighPictures(alike, [], DIFFERENT, { lastSeconds: 1.5 })?.verdict).toBe('review')
    const twice = [...alike, frame(15, 6, { says: 'differs' })]
    expect(weighPictures(twice, [], DIFFERENT)?.verdict).toBe('review')
  })

  it('says little where it is one picture with little in it', () => {
    expect(
      weighPictures([frame(12, 3)], [], DIFFERENT, { policy: { ...POLICY, cellsOneFrame: 301 } }),
    ).toMatchObject({
      verdict: 'review',
      why: [{ says: 'little' }],
    })
  })
})

describe('a film that is drawn over throughout', () => {
  /** Something else is in two rows of the map's 24, and of the overlay's 48 four stay the same. */
  const isOver = (row: number) => row === 18 || row === 19
  const rows = Array.from({ length: 24 }, (_, row) => (isOver(row) ? '#' : '=').repeat(24)).join('')
  const overlay = Array.from({ length: 48 }, (_, row) =>
    (isOver(row >> 1) ? '#' : '.').repeat(48),
  ).join('')
  const captioned = (seconds: number) => {
    const one = frame(seconds, seconds + 10, 'same-scene')
    const why: MatchWhy[] = [{ says: 'elsewhere', place: 'below', percent: 8 }]
    return { ...one, why, alignment: { ...one.alignment, map: rows } }
  }

  it('is confirmed by several pictures that agree beside it', () => {
    const found = [captioned(4), captioned(8)]
    expect(weighPictures(found, [], DIFFERENT)?.verdict).toBe('review')
    expect(weighPictures(found, [], DIFFERENT, { overlay })).toMatchObject({
      verdict: 'confirmed',
      method: 'film',
      reason: expect.stringMatching(/beside what is drawn over the whole film$/) as string,
    })
  })

  it('is not by one of them', () => {
    expect(weighPictures([captioned(2)], [], DIFFERENT, { overlay })?.verdict).not.toBe('confirmed')
  })
})

describe('a picture and a film', () => {
  it('say when the film shows the picture', () => {
    expect(weighPictures([frame(undefined, 7)], [], DIFFERENT)?.reason).toBe(
      'the picture is in the known film at 7.0 s: all agrees',
    )
    expect(weighPictures([frame(3, undefined), frame(4, undefined)], [], [])).toMatchObject({
      verdict: 'confirmed',
      method: 'frame',
      reason: 'the frame at 3.0 s is the known picture: all agrees',
    })
  })

  it('say little where the film shows a title or a logo', () => {
    const plain = { policy: { ...POLICY, cellsOneFrame: 301 } }
    expect(weighPictures([frame(undefined, 7)], [], DIFFERENT, plain)).toMatchObject({
      verdict: 'review',
      why: [{ says: 'little' }],
    })
    // What was registered as a picture was meant to be found.
    expect(weighPictures([frame(3, undefined)], [], [], plain)?.verdict).toBe('confirmed')
  })

  it('say nothing where nothing was found', () => {
    expect(weighPictures([], [{ seconds: 1, itemSeconds: 2 }], DIFFERENT)).toBeUndefined()
  })
})

describe('hashes of frames that confirm', () => {
  const byHashes = { verdict: 'confirmed', method: 'film', reason: 'in order', why: [] } as const

  it('stand where the pictures agree, or were not compared', () => {
    expect(heldByPictures(byHashes, [])?.verdict).toBe('confirmed')
    const found = [frame(1, 1), frame(2, 2, 'same-scene')]
    expect(heldByPictures(byHashes, found)?.verdict).toBe('confirmed')
  })

  it('are held where more pictures show something else in one place', () => {
    const found = [frame(1, 1), frame(2, 2, 'same-scene'), frame(3, 3, 'same-scene')]
    expect(heldByPictures(byHashes, found)).toMatchObject({
      verdict: 'review',
      reason:
        'in order; frames of it show something else in one place: another take, or an altered copy',
    })
  })
})
