import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { nativeCore } from '../../native/binding.ts'
import { sceneJpeg } from '../../fixtures/index.ts'
import { configWith } from '../../src/config.ts'
import {
  AGGREGATE_DIMENSIONS,
  aggregated,
  type Feature,
  featuresOfKnown,
  featuresOfSeen,
  fingerprintMedia,
  sightMedia,
} from '../../src/fingerprint/index.ts'

const { decode: limits } = configWith({})
const PICTURES = 8

describe.skipIf(nativeCore() === undefined)('the features of a picture in one vector', () => {
  const pictures: Buffer[] = []
  const known: (readonly Feature[])[] = []

  beforeAll(async () => {
    for (let seed = 500; seed < 500 + PICTURES; seed += 1) {
      const picture = await sceneJpeg(seed, { width: 640, height: 480 })
      const { features = '' } = await fingerprintMedia(picture, limits, { features: true })
      pictures.push(Buffer.from(picture))
      known.push(featuresOfKnown(Buffer.from(features, 'base64')))
    }
  })

  it('is of length 1, whatever the order of the features', () => {
    for (const features of known) {
      const vector = vectorOf(features)
      expect(vector.length).toBe(AGGREGATE_DIMENSIONS)
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5)
      expect(distance(vector, vectorOf(features.toReversed()))).toBeCloseTo(0, 4)
    }
  })

  it('is nearest to that of the picture which a copy shows, mirrored or not', async () => {
    for (const [number, picture] of pictures.entries()) {
      for (const mirrored of [false, true]) {
        const copy = sharp(picture).resize(500).jpeg({ quality: 60 })
        const bytes = Uint8Array.from(await (mirrored ? copy.flop() : copy).toBuffer())
        const { seen: [seen = new Uint8Array()] = [] } = await sightMedia(bytes, limits, 'default')
        const features = featuresOfSeen(seen).filter((each) => each.mirrored === mirrored)
        const sought = vectorOf(features)
        const distances = known.map((each) => distance(sought, vectorOf(each)))
        expect(distances.indexOf(Math.min(...distances))).toBe(number)
      }
    }
  })

  it('is not made of a few', () => {
    expect(aggregated([])).toBeUndefined()
    expect(aggregated((known[0] ?? []).slice(0, 19))).toBeUndefined()
    expect(aggregated((known[0] ?? []).slice(0, 20))).toBeDefined()
  })
})

function vectorOf(features: readonly Feature[]): Float32Array {
  const vector = aggregated(features)
  if (vector === undefined) throw new Error('a test picture has too few features')
  return vector
}

function distance(a: Float32Array, b: Float32Array): number {
  return Math.hypot(...a.map((value, at) => value - (b[at] ?? 0)))
}
