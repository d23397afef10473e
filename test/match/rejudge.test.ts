import { describe, expect, it } from 'vitest'
import { configWith } from '../../src/config.ts'
import { type Match, rejudge, ruleOf } from '../../src/match/index.ts'
import { ALIGNMENT, WHOLE } from './sample.ts'

const policy = configWith({}).match
const before = ruleOf(policy).thresholds

const HASH = {
  itemId: 'i',
  verdict: 'confirmed',
  method: 'pdq',
  clientSupplied: false,
  reason: '',
  distance: 2,
  view: 'whole',
  quality: 100,
  itemQuality: 90,
} as const satisfies Match
const FEATURES: Match = {
  itemId: 'i',
  verdict: 'confirmed',
  method: 'features',
  clientSupplied: false,
  reason: '',
  alignment: ALIGNMENT,
}
const FILM: Match = {
  itemId: 'i',
  verdict: 'confirmed',
  method: 'film',
  clientSupplied: false,
  reason: '',
  distance: 8,
  frames: { matched: 8, of: 10, itemMatched: 8, itemOf: 10 },
}

/** By pictures of it, of which the clearest was kept. */
const PICTURES: Match = {
  ...FEATURES,
  method: 'film',
  alignment: { ...ALIGNMENT, seconds: 2, itemSeconds: 12 },
  pieces: [{ from: 2, to: 6, itemFrom: 12, itemTo: 16 }],
}
const FRAME: Match = { ...PICTURES, method: 'frame' }

describe('a rule', () => {
  it('is the same for the same thresholds, and another for any other', () => {
    expect(ruleOf({ ...policy }).id).toBe(ruleOf(policy).id)
    const others = Object.entries(policy).filter((entry) => typeof entry[1] === 'number')
    const ids = others.map(([name, value]) => ruleOf({ ...policy, [name]: Number(value) + 1 }).id)
    expect(new Set([...ids, ruleOf(policy).id]).size).toBe(others.length + 1)
  })
})

describe('what was confirmed, by another rule', () => {
  it.each([
    ['a hash', HASH, {}, 'stands'],
    ['a hash, within 1', HASH, { confirmRadius: 1 }, 'falls'],
    ['a hash, at quality 95', HASH, { confirmQualityMin: 95 }, 'falls'],
    ['a hash beyond the review radius', HASH, { reviewRadius: 1 }, 'falls'],
    ['features', FEATURES, {}, 'stands'],
    ['features, 90% of the cells', FEATURES, { agreementConfirm: 0.9 }, 'falls'],
    ['features, half of those there', FEATURES, { inlierShareConfirm: 0.5 }, 'falls'],
    ['features, more cells', FEATURES, { cellsMin: 500 }, 'falls'],
    ['a hash whose texture agrees', { ...HASH, distance: 28, alignment: ALIGNMENT }, {}, 'stands'],
    [
      'a hash whose texture agrees too little',
      { ...HASH, distance: 28, alignment: ALIGNMENT },
      { agreementConfirm: 0.95 },
      'falls',
    ],
    ['a film', FILM, {}, 'stands'],
    ['a film by its pictures', PICTURES, {}, 'stands'],
    ['a film by its pictures, any other rule', PICTURES, { agreementConfirm: 0.8 }, 'untold'],
    ['a picture of a film', FRAME, {}, 'stands'],
    ['a picture of a film, more of the cells', FRAME, { agreementConfirm: 1 }, 'falls'],
    [
      'a picture of a film, beside what was drawn over',
      {
        ...FRAME,
        alignment: {
          ...ALIGNMENT,
          seconds: 2,
          itemSeconds: 12,
          strictAgreement: 0.63,
          drawn: { cells: 150, strictAgreement: 0.9 },
        },
      },
      {},
      'falls',
    ],
    ['a film, more frames', FILM, { filmFramesMin: 9 }, 'falls'],
    ['a film, nearly all of both', FILM, { filmConfirmShare: 0.9 }, 'falls'],
    ['a film whose frames were paired by another radius', FILM, { reviewRadius: 20 }, 'untold'],
    ['a film of which no frame is near', FILM, { reviewRadius: 4 }, 'falls'],
    [
      'cells that other pictures share, counted by other thresholds',
      { ...FEATURES, alignment: { ...ALIGNMENT, sharedCells: 40 } },
      { cellsMany: 300 },
      'untold',
    ],
    [
      'equal bytes',
      { ...HASH, verdict: 'exact', method: 'sha256' },
      { confirmRadius: 0 },
      'stands',
    ],
    ['features, by other thresholds of a form', FEATURES, { paperMin: 0.2 }, 'untold'],
    [
      'features, where 8% differ in one place',
      { ...FEATURES, alignment: { ...ALIGNMENT, differing: { share: 0.08, itemRegion: WHOLE } } },
      {},
      'falls',
    ],
    ['an alignment that the record lacks', { ...FEATURES, alignment: undefined }, {}, 'untold'],
  ] as const)('%s: %j', (_what, match, change, outcome) => {
    const found = rejudge(match as Match, { ...policy, ...change }, before)
    expect(found.outcome).toBe(outcome)
    if (found.outcome !== 'stands') expect(found.reason.length).toBeGreaterThan(10)
  })

  it('cannot be told where the rule of then did not look at single places', () => {
    const { differingMax, writingMin, paperMin, inlierShareForm, ...older } = before
    expect([differingMax, writingMin, paperMin, inlierShareForm]).not.toContain(undefined)
    const { writingBesideMax, ...withoutPages } = before
    expect(writingBesideMax).toBeDefined()
    const { parallaxMax, ...withoutParallax } = before
    expect(parallaxMax).toBeDefined()
    for (const then of [older, withoutPages, withoutParallax]) {
      expect(rejudge(FEATURES, policy, then).outcome).toBe('untold')
      expect(rejudge(HASH, policy, then).outcome).toBe('stands')
    }
  })

  it('cannot be told of a hash where the rule of then did not ask whose it is', () => {
    const { nearRadius, ...older } = before
    expect(nearRadius).toBeDefined()
    expect(rejudge(HASH, policy, older).outcome).toBe('untold')
    expect(rejudge(HASH, policy, undefined).outcome).toBe('untold')
    expect(rejudge({ ...HASH, distance: 12 }, policy, older).outcome).toBe('falls')
    // Frames of films were told apart by the radius that confirmed then.
    const then = { ...older, confirmRadius: policy.nearRadius }
    expect(rejudge(FILM, policy, then).outcome).toBe('stands')
  })

  it('cannot be told where nobody knows by what its frames were paired', () => {
    expect(rejudge(FILM, policy, undefined).outcome).toBe('untold')
  })
})
