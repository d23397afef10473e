import { beforeAll, describe, expect, it } from 'vitest'
import { filmMp4, reencodeFilm } from '../../fixtures/index.ts'
import { configWith } from '../../src/config.ts'
import { defined } from '../../src/core/index.ts'
import { type Fingerprint, fingerprintMedia, type View } from '../../src/fingerprint/index.ts'
import type { Judgement } from '../../src/match/index.ts'
import { compare, compareWithGrounds } from '../../src/recheck/compare.ts'
import { ALIGNMENT } from '../match/sample.ts'

const { decode, match: policy } = configWith({})
const SMALL = { seconds: 5, width: 320, height: 240 }

describe('films', () => {
  let film: Buffer
  let known: Fingerprint
  beforeAll(async () => {
    film = await filmMp4(31, SMALL)
    known = await fingerprintMedia(film, decode)
  })
  const against = async (bytes: Uint8Array) =>
    compare(await fingerprintMedia(bytes, decode), known, policy)

  it('encoded again are the same', async () => {
    expect(await against(await reencodeFilm(film))).toMatchObject({ outcome: 'present' })
  })

  it('of other scenes are gone', async () => {
    const finding = await against(await filmMp4(32, SMALL))
    expect(finding).toMatchObject({ outcome: 'gone', reason: 'another film is there' })
    expect(finding.distance).toBeGreaterThan(policy.reviewRadius)
  })
})

describe('hashes', () => {
  it('within the review radius are the same, up to the radius of doubt they are not told', () => {
    const at = (bits: number) => compare(picture(flipped(bits)), picture(flipped(0)), policy)
    expect(at(0)).toMatchObject({ outcome: 'present', distance: 0 })
    expect(at(31)).toMatchObject({ outcome: 'present', distance: 31 })
    expect(at(32)).toMatchObject({ outcome: 'unverifiable', distance: 32 })
    expect(at(63)).toMatchObject({ outcome: 'unverifiable', distance: 63 })
    expect(at(64)).toMatchObject({ outcome: 'gone', distance: 64 })
  })

  it('are sought in every view of what is there', () => {
    const seen = picture(flipped(128), { name: 'rot90', pdq: flipped(2), quality: 100 })
    expect(compare(seen, picture(flipped(0)), policy)).toMatchObject({
      outcome: 'present',
      distance: 2,
    })
  })

  it('of a picture are sought among the frames of a film, and the other way round', () => {
    const still = picture(flipped(0))
    const film = frames([flipped(128), 100], [flipped(3), 100])
    expect(compare(still, film, policy)).toMatchObject({ outcome: 'present', distance: 3 })
    expect(compare(film, still, policy)).toMatchObject({ outcome: 'present', distance: 3 })
  })

  it('of flat frames say nothing', () => {
    const flat = frames([flipped(0), 10], [flipped(0), 20])
    const known = frames([flipped(0), 100], [flipped(128), 100])
    expect(compare(flat, known, policy)).toMatchObject({ outcome: 'unverifiable' })
  })

  it('of few of the frames are to be looked at', () => {
    const others = [40, 80, 120, 160, 200, 240].map((bits) => [flipped(bits), 100] as const)
    const mirrored = others.map(([pdq]) => [complement(pdq), 100] as const)
    const seen = frames([alternating(0), 100], ...others)
    const known = frames([alternating(5), 100], ...mirrored)
    const finding = compare(seen, known, policy)
    expect(finding.outcome).toBe('unverifiable')
    expect(finding.reason).toContain('look at it')
  })
})

describe('a picture that a look cannot judge', () => {
  it('is for a person to look at, where another one would be gone', () => {
    const fingerprint = picture(flipped(128))
    const means = { features: true, model: null }
    const nobody = { shown: [], adopted: [], refused: [], ids: ['item'] }
    const grounds = {
      ...nobody,
      known: [picture(flipped(0))],
      matches: [{ verdict: 'confirmed', method: 'pdq' }],
    } as const
    const outcome = (judgement: Judgement) => {
      const seen = { fingerprint, judgement, means, harmless: undefined }
      return compareWithGrounds(seen, grounds, policy).outcome
    }
    expect(outcome({ verdict: 'none', matches: [] })).toBe('gone')
    expect(outcome({ verdict: 'unjudged', why: 'too-small', matches: [] })).toBe('unverifiable')
  })
})

// Features are kept no more, or the house looks without them: a crop that is still there would not be seen.
describe('a film, or a picture of it, that was found by its pictures', () => {
  it.each(['film', 'frame'] as const)(
    'is for a person to look at where these cannot be asked: %s',
    (method) => {
      const nobody = { shown: [], adopted: [], refused: [], ids: ['item'] }
      const known = frames([alternating(0), 100], [flipped(60), 100])
      const seen = frames([flipped(128), 100], [flipped(190), 100])
      const match = { verdict: 'confirmed', method, alignment: ALIGNMENT } as const
      const outcome = (features: boolean, shots?: Fingerprint['shots']) => {
        const grounds = {
          ...nobody,
          known: [{ ...known, ...defined({ shots }) }],
          matches: [match],
        }
        const judgement: Judgement = { verdict: 'none', matches: [] }
        const means = { features, model: null }
        const look = { fingerprint: seen, judgement, means, harmless: undefined }
        return compareWithGrounds(look, grounds, policy).outcome
      }
      const shots = [{ seconds: 0, features: '' }]
      expect(outcome(true, shots)).toBe('gone')
      expect(outcome(false, shots)).toBe('unverifiable')
      expect(outcome(true)).toBe('unverifiable')
    },
  )
})

function picture(pdq: string, ...more: readonly View[]): Fingerprint {
  return fingerprint('image', [{ name: 'whole', pdq, quality: 100 }, ...more])
}

function frames(...list: readonly (readonly [pdq: string, quality: number])[]): Fingerprint {
  const views = list.map(([pdq, quality], seconds) => ({
    name: 'whole' as const,
    pdq,
    quality,
    seconds,
  }))
  return fingerprint('film', views)
}

let count = 0
function fingerprint(kind: Fingerprint['kind'], views: readonly View[]): Fingerprint {
  count += 1
  const sha256 = count.toString(16).padStart(64, '0')
  const digests = { md5: '', sha1: '', sha256 }
  return { hasher: 'pdq-fullres', hasherVersion: 1, kind, width: 9, height: 9, ...digests, views }
}

/** The hash with the first so many bits set: as far from zero as it says. */
function flipped(bits: number): string {
  return toHex((1n << BigInt(bits)) - 1n)
}

function complement(hex: string): string {
  return toHex(((1n << 256n) - 1n) ^ BigInt(`0x${hex}`))
}

/** Every second bit, with some of them flipped: far from all of `flipped`. */
function alternating(bits: number): string {
  return toHex(BigInt(`0x${'a'.repeat(64)}`) ^ BigInt(`0x${flipped(bits)}`))
}

function toHex(value: bigint): string {
  return value.toString(16).padStart(64, '0')
}
