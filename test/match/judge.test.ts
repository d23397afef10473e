import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defined } from '../../src/core/index.ts'
import type { Fingerprint } from '../../src/fingerprint/index.ts'
import type { Judgement, Verdict } from '../../src/match/index.ts'
import { judge } from '../../src/match/index.ts'
import type { RawHit } from '../../src/known/index.ts'
import type { KnownItem } from '../../src/register/index.ts'
import { fingerprintOf, hitOf, itemOf, judged, POLICY } from './sample.ts'

describe('a picture that Hindra hashed itself', () => {
  const cases: [string, Partial<RawHit>, Verdict, RegExp][] = [
    ['equal bytes', { method: 'sha256' }, 'exact', /SHA-256/],
    ['equal bytes by a longer digest', { method: 'sha512' }, 'exact', /SHA-512/],
    ['MD5 alone', { method: 'md5' }, 'review', /MD5.*planted/],
    ['SHA-1 alone', { method: 'sha1' }, 'review', /SHA-1.*planted/],
    ['distance 0', { distance: 0 }, 'confirmed', /distance 0/],
    ['distance 2 at quality 80', { distance: 2, quality: 80, itemQuality: 80 }, 'confirmed', /2/],
    ['distance 3', { distance: 3 }, 'review', /beyond distance 2/],
    ['distance 31', { distance: 31 }, 'review', /beyond distance 2/],
    ['quality 79', { quality: 79 }, 'review', /below quality 80/],
    ['quality 79 of the item', { itemQuality: 79 }, 'review', /below quality 80/],
    ['quality 49', { quality: 49 }, 'review', /below quality 50/],
    ['quality 49 of the item', { itemQuality: 49 }, 'review', /below quality 50/],
    ['a mirrored copy', { view: 'flipx', distance: 2 }, 'confirmed', /distance 2/],
  ]
  it.each(cases)('%s', (_, hit, verdict, reason) => {
    const { matches, ...judgement } = judged([hitOf(hit)])
    expect(judgement.verdict).toBe(verdict)
    expect(matches).toEqual([
      expect.objectContaining({ itemId: 'item-1', verdict, clientSupplied: false }),
    ])
    expect(matches[0]?.reason).toMatch(reason)
  })

  it('matches nothing beyond the review band', () => {
    expect(judged([hitOf({ distance: 32 })])).toEqual({ verdict: 'none', matches: [] })
  })

  it('confirms by no near hash of an item with features when its own picture is gone', () => {
    const features = 'AAAA'
    const items = new Map([['item-1', itemOf({ fingerprints: [fingerprintOf({ features })] })]])
    const input = { fingerprint: fingerprintOf(), items, alignments: null, policy: POLICY }
    const near = judge({ ...input, hits: [hitOf()] })
    expect(near.verdict).toBe('review')
    expect(near.matches[0]?.reason).toMatch(/picture was not kept/)
    expect(judge({ ...input, hits: [hitOf({ method: 'sha256' })] }).verdict).toBe('exact')
  })

  it('lets a view that was derived from a hash alone be farther off, and confirm nothing', () => {
    const derived = { derived: true, view: 'flipx' } as const
    const items = new Map([['item-1', itemOf()]])
    const alone = (distance: number) =>
      judge({
        fingerprint: undefined,
        hits: [hitOf({ ...derived, distance })],
        items,
        policy: POLICY,
      })
    expect(alone(45)).toMatchObject({
      verdict: 'review',
      matches: [{ clientSupplied: true, reason: expect.stringContaining('derived') as unknown }],
    })
    expect(alone(46).verdict).toBe('none')
    expect(alone(0).verdict).toBe('review')
  })

  it('matches nothing without hits', () => {
    expect(judged([])).toEqual({ verdict: 'none', matches: [] })
  })

  it('says which view matched, how far and at which quality', () => {
    const hit = hitOf({ view: 'rot90', distance: 12, quality: 90, itemQuality: 85 })
    expect(judged([hit]).matches[0]).toMatchObject({
      method: 'pdq',
      view: 'rot90',
      distance: 12,
      quality: 90,
      itemQuality: 85,
    })
  })

  it('tells the strongest evidence of an item, once', () => {
    const hits = [
      hitOf({ distance: 1, quality: 60 }),
      hitOf({ distance: 2 }),
      hitOf({ distance: 11, view: 'rot180' }),
      hitOf({ method: 'md5' }),
    ]
    const { matches } = judged(hits)
    expect(matches).toHaveLength(1)
    expect(matches[0]).toMatchObject({ verdict: 'confirmed', distance: 2 })
  })
})

describe('the standing of the item', () => {
  it.each(['proposed', 'disputed'] as const)('holds a %s item at review', (status) => {
    for (const hit of [hitOf({ method: 'sha256' }), hitOf()]) {
      const { verdict, matches } = judged([hit], [itemOf({ status })])
      expect(verdict).toBe('review')
      expect(matches[0]?.reason).toMatch(status === 'proposed' ? /second person/ : /disputed/)
    }
  })

  it.each([
    ['retracted', itemOf({ status: 'retracted' })],
    ['classified Ignore', itemOf({ classification: 'Ignore' })],
    ['unknown', itemOf({ id: 'another' })],
  ])('matches no item that is %s', (_, item) => {
    const judgement = judged([hitOf({ method: 'sha256' }), hitOf()], [item])
    expect(judgement).toEqual({ verdict: 'none', matches: [] })
  })
})

describe('hashes that a client supplied', () => {
  it.each(['sha256', 'sha1', 'md5', 'pdq'] as const)('hold %s at review', (method) => {
    const items = new Map([['item-1', itemOf()]])
    const { verdict, matches } = judge({
      fingerprint: undefined,
      hits: [hitOf({ method })],
      items,
      policy: POLICY,
    })
    expect(verdict).toBe('review')
    expect(matches[0]).toMatchObject({ clientSupplied: true, verdict: 'review' })
    expect(matches[0]?.reason).toMatch(/has not seen the bytes/)
  })
})

describe('single frames', () => {
  it.each<[string, Partial<RawHit>, RegExp]>([
    ['a picture like a frame of a film', { itemSeconds: 12.34 }, /frame of a known film.*12\.3 s/],
    ['a film that shows a known picture', { seconds: 3 }, /3\.0 s.*known picture/],
  ])('%s is a matter of review at any distance', (_, times, reason) => {
    for (const distance of [0, 31]) {
      const { verdict, matches } = judged([hitOf({ ...times, distance })])
      expect(verdict).toBe('review')
      expect(matches[0]?.reason).toMatch(reason)
    }
  })

  it.each<[string, Partial<RawHit>]>([
    ['a dark frame of the sighting', { seconds: 1, quality: 49 }],
    ['a dark frame of the item', { itemSeconds: 1, itemQuality: 49 }],
    ['a dark frame against a good one', { seconds: 1, quality: 49, itemSeconds: 1 }],
    ['a good frame against a dark one', { seconds: 1, itemSeconds: 1, itemQuality: 49 }],
  ])('%s says nothing', (_, hit) => {
    expect(judged([hitOf(hit)])).toEqual({ verdict: 'none', matches: [] })
  })

  it('a client’s hash of unknown quality that is like a good frame is a matter of review', () => {
    const { verdict } = judge({
      fingerprint: undefined,
      hits: [hitOf({ itemSeconds: 1, quality: 0 })],
      items: new Map([['item-1', itemOf()]]),
      policy: POLICY,
    })
    expect(verdict).toBe('review')
  })
})

describe('the order of matches', () => {
  it('is by verdict, then by distance, then by item', () => {
    const items = [
      ...['d', 'c', 'a', 'b'].map((id) => itemOf({ id })),
      itemOf({ id: 'nearest' }),
      itemOf({ id: 'equal-bytes' }),
      itemOf({ id: 'far' }),
    ]
    const hits = [
      hitOf({ itemId: 'far', distance: 20 }),
      ...['b', 'd', 'a', 'c'].map((itemId) => hitOf({ itemId, distance: 5 })),
      hitOf({ itemId: 'nearest', distance: 4 }),
      hitOf({ itemId: 'equal-bytes', method: 'sha256' }),
    ]
    const { verdict, matches } = judged(hits, items)
    expect(verdict).toBe('exact')
    expect(matches.map((match) => match.itemId)).toEqual([
      'equal-bytes',
      'nearest',
      ...['a', 'b', 'c', 'd'],
      'far',
    ])
  })
})

describe('whatever the hits', () => {
  const STRENGTH: Record<Verdict, number> = {
    unjudged: -1,
    none: 0,
    review: 1,
    confirmed: 2,
    exact: 3,
  }
  const quality = fc.integer({ min: 0, max: 100 })
  const seconds = fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined, freq: 2 })
  const hit: fc.Arbitrary<RawHit> = fc
    .record({
      itemId: fc.constantFrom('item-1', 'item-2', 'item-3'),
      method: fc.constantFrom('pdq' as const, 'pdq', 'pdq', 'md5', 'sha1', 'sha256'),
      distance: fc.integer({ min: 0, max: 40 }),
      view: fc.constantFrom('whole' as const, 'flipx', 'complement'),
      quality,
      itemQuality: quality,
      seconds,
      itemSeconds: seconds,
    })
    .map(({ seconds: at, itemSeconds, ...rest }) => ({
      ...rest,
      ...defined({ seconds: at, itemSeconds }),
    }))
  const hits = fc.array(hit, { maxLength: 8 })
  const status = fc.constantFrom('proposed' as const, 'verified', 'disputed', 'retracted')
  const items = fc
    .tuple(status, status, status)
    .map((all) => all.map((one, i) => itemOf({ id: `item-${i + 1}`, status: one })))

  it('the verdict is that of the strongest match, and none exactly when there is none', () => {
    fc.assert(
      fc.property(hits, items, (found, known) => {
        const { verdict, matches } = judged(found, known)
        expect(verdict === 'none').toBe(matches.length === 0)
        expect(verdict).toBe(matches[0]?.verdict ?? 'none')
        const strengths = matches.map((match) => STRENGTH[match.verdict])
        expect(strengths).toEqual([...strengths].sort((a, b) => b - a))
        expect(new Set(matches.map((match) => match.itemId)).size).toBe(matches.length)
        for (const match of matches) expect(match.reason).not.toBe('')
      }),
    )
  })

  it('the order of the hits does not matter', () => {
    fc.assert(
      fc.property(hits, items, (found, known) => {
        const verdicts = (judgement: Judgement) =>
          judgement.matches.map(({ itemId, verdict, method, distance, view }) => [
            itemId,
            verdict,
            method,
            distance,
            view,
          ])
        expect(verdicts(judged([...found].reverse(), known))).toEqual(
          verdicts(judged(found, known)),
        )
      }),
    )
  })

  it('no item gets a stronger verdict when a hit is farther or of lower quality', () => {
    fc.assert(
      fc.property(hits, items, fc.nat(), fc.nat(31), fc.nat(60), fc.nat(60), (...given) => {
        const [found, known, which, farther, worse, itemWorse] = given
        const weaker = found.map((one, i) =>
          i !== which % found.length
            ? one
            : {
                ...one,
                distance: one.distance + farther,
                quality: Math.max(0, one.quality - worse),
                itemQuality: Math.max(0, one.itemQuality - itemWorse),
              },
        )
        expectNoStronger(judged(weaker, known), judged(found, known), known)
      }),
    )
  })

  it('client-supplied hashes, proposed and disputed items never get beyond review', () => {
    fc.assert(
      fc.property(hits, items, fc.boolean(), (found, known, supplied) => {
        const fingerprint: Fingerprint | undefined = supplied ? undefined : fingerprintOf()
        const { matches } = judge({
          fingerprint,
          hits: found,
          items: new Map(known.map((item) => [item.id, item])),
          policy: POLICY,
        })
        for (const match of matches) {
          const item = known.find(({ id }) => id === match.itemId)
          if (supplied || item?.status !== 'verified') expect(match.verdict).toBe('review')
          expect(item?.status).not.toBe('retracted')
          expect(match.clientSupplied).toBe(supplied)
        }
      }),
    )
  })

  function expectNoStronger(weak: Judgement, strong: Judgement, known: readonly KnownItem[]): void {
    const strengthOf = (judgement: Judgement, id: string) =>
      STRENGTH[judgement.matches.find((match) => match.itemId === id)?.verdict ?? 'none']
    for (const { id } of known) {
      expect(strengthOf(weak, id)).toBeLessThanOrEqual(strengthOf(strong, id))
    }
    expect(STRENGTH[weak.verdict]).toBeLessThanOrEqual(STRENGTH[strong.verdict])
  }
})
