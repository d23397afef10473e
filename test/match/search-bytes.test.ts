import { describe, expect, it } from 'vitest'
import { filmMp4, sceneJpeg } from '../../fixtures/index.ts'
import { configWith } from '../../src/config.ts'
import { type ErrorCode, HindraError } from '../../src/errors.ts'
import {
  fingerprintMedia,
  scanMedia,
  type ShrunkFingerprint,
  type Sight,
} from '../../src/fingerprint/index.ts'
import { searchAltered, searchBytes } from '../../src/match/search-bytes.ts'
import type { RawHit } from '../../src/known/index.ts'
import { POLICY } from './sample.ts'

const { decode: limits } = configWith({})
const pool = {
  fingerprint: (bytes: Uint8Array) => fingerprintMedia(bytes, limits),
  scan: (bytes: Uint8Array) => scanMedia(bytes, limits),
}
const SHOTS = [{ seconds: 0, features: '' }]
const HIT: RawHit = {
  itemId: 'item',
  method: 'pdq',
  distance: 3,
  view: 'whole',
  quality: 90,
  itemQuality: 90,
}

/** Finds `hits` by the hashers named and tells which ones it was asked by. */
function knownSet(hits: readonly RawHit[], finders: readonly string[], hashes = 1) {
  const askedBy: string[] = []
  const radii: number[] = []
  return {
    hashes,
    askedBy,
    radii,
    search({ hasher = '' }: { readonly hasher?: string }, radius: number) {
      askedBy.push(hasher)
      radii.push(radius)
      return Promise.resolve(finders.includes(hasher) ? [...hits] : [])
    },
  }
}

describe('searchBytes', () => {
  it('scans what resembles nothing once, at reduced resolution', async () => {
    const known = knownSet([HIT], [])
    const found = await searchBytes(await large(), pool, known, 31)
    expect(found).toMatchObject({ fingerprint: { hasher: 'pdq-shrunk' }, hits: [] })
    expect(known.askedBy).toEqual(['pdq-shrunk'])
  })

  it('answers by the hash at full resolution where the scan finds something', async () => {
    const known = knownSet([HIT], ['pdq-shrunk', 'pdq-fullres'])
    const bytes = await large()
    const found = await searchBytes(bytes, pool, known, 31)
    expect(found).toEqual({ fingerprint: await fingerprintMedia(bytes, limits), hits: [HIT] })
    expect(known.askedBy).toEqual(['pdq-shrunk', 'pdq-fullres'])
  })

  it('looks at a film as a whole where its keyframes resemble something, and else not', async () => {
    const film = await filmMp4(9, { seconds: 3, width: 160, height: 120 })
    const whole = await fingerprintMedia(film, limits)
    const skimmed = { ...whole, views: whole.views.slice(0, 1) }
    const looks: string[] = []
    const skimming = {
      scan: () => Promise.resolve(skimmed),
      fingerprint: (bytes: Uint8Array) => {
        looks.push('whole')
        return fingerprintMedia(bytes, limits)
      },
    }
    const nothing = await searchBytes(film, skimming, knownSet([HIT], []), 31)
    expect([nothing.hits, looks]).toEqual([[], []])
    const known = knownSet([HIT], ['pdq-fullres'])
    const found = await searchBytes(Uint8Array.from(film), skimming, known, 31)
    expect(found).toEqual({ fingerprint: whole, hits: [HIT] })

    const failing = (code: ErrorCode) => ({
      ...skimming,
      fingerprint: () => Promise.reject(new HindraError(code, 'as it is')),
    })
    const late = await searchBytes(film, failing('DECODE_TIMEOUT'), known, 31)
    expect(late).toEqual({ fingerprint: skimmed, hits: [HIT] })
    await expect(searchBytes(film, failing('OVERLOADED'), known, 31)).rejects.toMatchObject({
      code: 'OVERLOADED',
    })
  })

  it.each([
    { radius: 31, slack: 16, hashes: 1_000_000_000, asked: ['pdq-shrunk'] },
    { radius: 31, slack: 17, hashes: 1_000, asked: ['pdq-shrunk'] },
    // Beyond 47 an index compares every hash, of all nine views here.
    { radius: 31, slack: 17, hashes: 1_000_000, asked: ['pdq-fullres'] },
    { radius: 31, slack: 33, hashes: 1_000, asked: ['pdq-shrunk'] },
    { radius: 31, slack: 34, hashes: 0, asked: ['pdq-fullres'] },
    { radius: 64, slack: 2, hashes: 0, asked: ['pdq-fullres'] },
  ])(
    'looks at a picture of a slack of $slack by $asked.0 at radius $radius among $hashes',
    async ({ radius, slack, hashes, asked }) => {
      const scan = async (bytes: Uint8Array) => {
        const scanned = await scanMedia(bytes, limits)
        expect(scanned.hasher).toBe('pdq-shrunk')
        const views = scanned.views.slice(0, 9).map((view) => ({ ...view, slack }))
        return { ...scanned, hasher: 'pdq-shrunk', views } satisfies ShrunkFingerprint
      }
      const known = knownSet([HIT], [], hashes)
      await searchBytes(await large(), { ...pool, scan }, known, radius)
      expect(known.askedBy).toEqual(asked)
    },
  )

  it('drops what only the scan found', async () => {
    const found = await searchBytes(await large(), pool, knownSet([HIT], ['pdq-shrunk']), 31)
    expect(found).toMatchObject({ fingerprint: { hasher: 'pdq-fullres' }, hits: [] })
  })

  it('does not hash twice what was not shrunk', async () => {
    const known = knownSet([HIT], ['pdq-fullres'])
    const small = await sceneJpeg(2, { width: 200, height: 150 })
    const found = await searchBytes(small, pool, known, 31)
    expect(found).toMatchObject({ fingerprint: { hasher: 'pdq-fullres' }, hits: [HIT] })
    expect(known.askedBy).toEqual(['pdq-fullres'])
  })
})

describe('searchAltered', () => {
  it('looks closer at a skimmed film once: as a whole, or where that takes too long at what was skimmed', async () => {
    const film = await filmMp4(9, { seconds: 3, width: 160, height: 120 })
    const whole = await fingerprintMedia(film, limits)
    const skimmed = { ...whole, views: whole.views.slice(0, 1) }
    const item = { id: HIT.itemId, fingerprints: [{ ...whole, shots: SHOTS }], vetoes: false }
    async function looksOf(wholeLook: () => Promise<Sight>) {
      const looks: string[] = []
      const found = await searchAltered(
        film,
        {
          fingerprint: () => Promise.reject(new Error('no look of features')),
          sight(_, __, { skims = false } = {}) {
            looks.push(skims ? 'skimmed' : 'whole')
            if (!skims) return wholeLook()
            return Promise.resolve({ fingerprint: skimmed, frames: [], skimmed: true })
          },
          moments() {
            looks.push('closer')
            return Promise.resolve([])
          },
        },
        {
          hashes: 1,
          search: () => Promise.resolve([{ ...HIT, seconds: 0, itemSeconds: 0 }]),
          resembling: () => Promise.resolve([]),
        },
        {
          profile: 'default',
          policy: POLICY,
          findAltered: () => Promise.resolve(new Map()),
          itemsOf: () => Promise.resolve(new Map([[item.id, item]])),
          resemblingMax: 0,
          inFull: false,
          sought: [],
        },
      )
      return { looks, views: found.fingerprint.views }
    }
    const asWhole = await looksOf(() => Promise.resolve({ fingerprint: whole, frames: [] }))
    expect(asWhole).toEqual({ looks: ['skimmed', 'whole', 'closer'], views: whole.views })
    const late = await looksOf(() => Promise.reject(new HindraError('DECODE_TIMEOUT', 'late')))
    expect(late).toEqual({ looks: ['skimmed', 'whole', 'closer'], views: skimmed.views })
  })
})

function large(): Promise<Uint8Array> {
  return sceneJpeg(1, { width: 500, height: 400 })
}
