import { describe, expect, it } from 'vitest'
import { type NativeKnown, type NativeProposal, nativeCore } from '../../native/binding.ts'
import { sceneJpeg } from '../../fixtures/index.ts'
import { configWith } from '../../src/config.ts'
import { fingerprintMedia, sightMedia } from '../../src/fingerprint/index.ts'
import { featuresOfKnown, featuresOfSeen } from './read-features.ts'

const { decode: limits } = configWith({})
const ITEM_BYTES_MAX = 20_000

/** No cell was compared. */
const NOTHING = { agreeing: 0, compared: 0, contradicting: 0 }

describe.skipIf(nativeCore() === undefined)('local features of a picture', () => {
  it('are kept only where they are asked for, in under 20 KB, as JSON', async () => {
    const bytes = await sceneJpeg(61)
    const made = await fingerprintMedia(bytes, limits, { features: true })
    const { features = '', colours = '', ...rest } = made
    expect(rest).toEqual(await fingerprintMedia(bytes, limits))
    expect(features.length + colours.length).toBeLessThan(ITEM_BYTES_MAX)
    expect(Buffer.from(colours, 'base64')).toHaveLength(184)
    const kept = featuresOfKnown(Buffer.from(features, 'base64'))
    expect(kept.length).toBeGreaterThan(200)
    expect(new Set(kept.map(({ level }) => level)).size).toBeGreaterThan(5)
  })

  it('of a sighting are as many again, mirrored, and of all scales', async () => {
    const { seen: [seen] = [], fingerprint } = await sightMedia(
      await sceneJpeg(62, { width: 1600, height: 1200 }),
      limits,
      'default',
    )
    expect(fingerprint.hasher).toBe('pdq-shrunk')
    const features = featuresOfSeen(seen?.features ?? new Uint8Array())
    const mirrored = features.filter((feature) => feature.mirrored)
    expect(mirrored.length * 2).toBe(features.length)
    expect(features.every(({ angle, level }) => angle < 128 && level < 8)).toBe(true)
  })

  it('are looked for in the negative, and at twice the size too by the exhaustive profile', async () => {
    const picture = await sceneJpeg(63, { width: 2200, height: 1600 })
    const look = async (profile: 'default' | 'exhaustive') =>
      (await sightMedia(Uint8Array.from(picture), limits, profile)).seen?.flatMap(
        ({ features, part, isCoarse }) =>
          part === undefined && isCoarse !== true ? [features] : [],
      ) ?? []
    const [[plain = new Uint8Array()], sizes] = [await look('default'), await look('exhaustive')]
    const sides = (seen: Uint8Array) =>
      new DataView(seen.buffer, seen.byteOffset).getUint16(2, true)
    expect(sizes.map(sides)).toEqual([512, 1024])
    expect(sides(plain)).toBe(512)
    const counts = sizes.map((seen) => featuresOfSeen(seen).length)
    expect(counts[1]).toBeGreaterThan(counts[0] ?? 0)
    expect(sizes.map((seen) => seen[1])).toEqual([3, 3])
    expect(plain[1]).toBe(3)
  })

  it('are few in a picture without texture', () => {
    const data = new Uint8Array(300 * 200 * 3).fill(130)
    const kept = nativeCore()?.describeKnown(data, 300, 200, 3, 512, 360) ?? new Uint8Array()
    expect(featuresOfKnown(kept)).toEqual([])
    expect(kept[1]).toBe(1)
  })

  it('that are damaged are refused, not compared', async () => {
    const core = nativeCore()
    const data = new Uint8Array(64 * 48).fill(9)
    const seen = core?.describeSeen(data, 64, 48, 1, 128, 50, true, true) ?? new Uint8Array()
    const features = core?.describeKnown(data, 64, 48, 1, 128, 50) ?? new Uint8Array()
    const known: NativeKnown = { features, item: 0, isHarmless: false, variant: 'any' }
    const cutOff = { ...known, features: features.subarray(1) }
    const nameless = { ...known, variant: 'upside down' } as unknown as NativeKnown
    const [evidence, ...others] = (await core?.verify(seen, [known], 8, [])) ?? []
    expect(evidence).toEqual({
      inliers: 0,
      mirrored: false,
      inverted: false,
      knownFeatures: 0,
      seenFeatures: 0,
      written: { inliers: 0, known: 0, seen: 0 },
      whole: NOTHING,
      undrawn: NOTHING,
      differing: { share: 0, left: 0, top: 0, right: 0, bottom: 0 },
      differingFinely: { share: 0, left: 0, top: 0, right: 0, bottom: 0 },
      parallax: 0,
      writing: 0,
      writingBeside: 0,
      paper: 0,
      cells: new Uint8Array(24 * 24),
      shared: 0,
      sharedHarmless: 0,
      visible: { left: 0, top: 0, right: 1, bottom: 1 },
      map: [1, 0, 0, 0, 1, 0],
      pieces: [],
    })
    expect(others).toEqual([])
    expect(() => core?.verify(seen, [cutOff], 8, [])).toThrow(RangeError)
    expect(() => core?.verify(seen.subarray(0, 9), [known], 8, [])).toThrow(RangeError)
    expect(() => core?.verify(seen, [nameless], 8, [])).toThrow(TypeError)
    const astray: NativeProposal = { known: 1, inverted: false, map: [1, 0, 0, 0, 1, 0] }
    expect(() => core?.verify(seen, [known], 8, [astray])).toThrow(RangeError)
    const far: NativeProposal = { known: 0, inverted: false, map: [1, 0, 1e6, 0, 1, 0] }
    expect(() => core?.verify(seen, [known], 8, [far])).toThrow(RangeError)
  })
})
