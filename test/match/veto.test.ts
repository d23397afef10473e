import { describe, expect, it } from 'vitest'
import type { RawHit } from '../../src/known/index.ts'
import { type Alignment, judge } from '../../src/match/index.ts'
import {
  ALIGNMENT,
  copied,
  filmOf,
  fingerprintOf,
  hitOf,
  itemOf,
  judged,
  POLICY,
  scenes,
  WHOLE,
} from './sample.ts'

const KNOWN = itemOf()
const HARMLESS = itemOf({ id: 'logo', vetoes: true, isAllowed: true, matching: 'none' })

function verdictOf(...hits: Partial<RawHit>[]) {
  return judged(
    hits.map((hit) => hitOf(hit)),
    [KNOWN, HARMLESS],
  )
}

describe('the allow-list', () => {
  it('vetoes what is as near to something harmless as to the item, or nearer', () => {
    for (const distance of [0, 7, 8]) {
      const { verdict } = verdictOf({ distance: 8 }, { itemId: 'logo', distance })
      expect(verdict).toBe('none')
    }
  })

  it('leaves to a person what is nearer to the item', () => {
    const { verdict, matches } = verdictOf({ distance: 8 }, { itemId: 'logo', distance: 9 })
    expect(verdict).toBe('review')
    expect(matches).toHaveLength(1)
    expect(matches[0]?.reason).toMatch(/allow-list.*9/)
  })

  it('spares what shows the item throughout, and in one place something else than the harmless', () => {
    const differing = { share: 0.2, itemRegion: WHOLE }
    const by = (harmless: Partial<Alignment>, item: Partial<Alignment> = {}) => {
      const laid = { logo: harmless, 'item-1': item }
      const alignments = Object.entries(laid).map(
        ([id, change]) => [id, { ...ALIGNMENT, ...change }] as const,
      )
      const items = new Map([KNOWN, HARMLESS].map((one) => [one.id, one]))
      const hits = [hitOf({ distance: 8 }), hitOf({ itemId: 'logo', distance: 7 })]
      const input = { fingerprint: fingerprintOf(), hits, items, policy: POLICY }
      return judge({ ...input, alignments: new Map(alignments) }).verdict
    }
    expect(by({ differing })).toBe('confirmed')
    expect(by({})).toBe('none')
    // Where the item differs there too, who is there is somebody else.
    expect(by({ differing }, { differing })).not.toBe('confirmed')
  })

  it('does not undo equal bytes', () => {
    const { verdict } = verdictOf({ method: 'sha256' }, { itemId: 'logo', distance: 0 })
    expect(verdict).toBe('exact')
  })

  it('by equal bytes vetoes everything', () => {
    const harmless = { itemId: 'logo', method: 'sha256' } as const
    expect(verdictOf({ distance: 0 }, { method: 'md5' }, harmless).verdict).toBe('none')
  })

  it('by equal MD5 alone vetoes nothing: that could be planted', () => {
    const planted = { itemId: 'logo', method: 'md5' } as const
    expect(verdictOf({ distance: 2 }, planted).verdict).toBe('confirmed')
  })

  it('makes the harmless frames of a film say nothing, and no more than that', () => {
    const hashes = scenes(1, 10)
    const [seen, known] = [filmOf(copied(hashes, 4)), filmOf(hashes)]
    const hits = seen.map((_, seconds) =>
      hitOf({ distance: 4, seconds, itemSeconds: seconds, quality: 100 }),
    )
    const item = itemOf({
      kind: 'film',
      fingerprints: [fingerprintOf({ kind: 'film', views: known })],
    })
    const judgedWith = (harmless: readonly number[]) =>
      judged(
        [...hits, ...harmless.map((seconds) => hitOf({ itemId: 'logo', distance: 0, seconds }))],
        [item, HARMLESS],
        fingerprintOf({ kind: 'film', views: seen }),
      ).verdict
    expect(judgedWith([])).toBe('confirmed')
    expect(judgedWith([0])).toBe('confirmed')
    expect(judgedWith(hits.map((_, seconds) => seconds))).toBe('none')
  })
})
