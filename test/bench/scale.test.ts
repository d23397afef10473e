import { beforeAll, describe, expect, it } from 'vitest'
import type { Measurement } from '../../bench/record.ts'
import { benchScale } from '../../bench/robustness/scale.ts'
import { syntheticItems } from '../../bench/robustness/synthetic-items.ts'
import { sceneJpeg } from '../../fixtures/index.ts'
import { nativeCore } from '../../native/binding.ts'
import { configWith } from '../../src/config.ts'
import { fingerprintMedia } from '../../src/fingerprint/index.ts'
import { featuresOfKnown } from '../fingerprint/read-features.ts'

const SIZE = { width: 400, height: 300 }
const ITEMS = 40
const { decode: limits } = configWith({})

describe.skipIf(nativeCore() === undefined)('the benchmark of candidates', () => {
  const scenes: Buffer[] = []

  beforeAll(async () => {
    for (let seed = 700; seed < 716; seed += 1) scenes.push(await sceneJpeg(seed, SIZE))
  })

  it('makes the same item of the same number, of the form of a picture, and no two alike', async () => {
    const photographs = await Promise.all(scenes.slice(0, 4).map(featuresOf))
    const [make, again] = [syntheticItems(photographs, 1), syntheticItems(photographs, 1)]
    const items = Array.from({ length: 20 }, (_, number) => make(number))
    items.forEach((item, number) => {
      expect(again(number).equals(item)).toBe(true)
      const features = featuresOfKnown(item)
      expect(item.length).toBe(1360 + 36 * features.length)
      expect(features.length).toBeGreaterThan(20)
    })
    const all = new Set([...items, ...photographs].map((item) => item.toString('base64')))
    expect(all.size).toBe(24)
    expect(syntheticItems(photographs, 2)(0).equals(make(0))).toBe(false)
  })

  it('measures what votes propose, and finds some of what is there', async () => {
    const records: Measurement[] = []
    const record = (measurement: Measurement) => records.push(measurement)
    const bench = { seed: 1, values: {}, wants: () => true, record, note: () => undefined }
    const photographs = {
      references: scenes.slice(0, 2),
      distractors: scenes.slice(2, 6),
      others: scenes.slice(6),
    }
    await benchScale(bench, photographs, ITEMS)
    const valueOf = (metric: string) => records.find((each) => each.metric === metric)?.value ?? 0
    expect(valueOf('votes.proposed')).toBeGreaterThan(25)
    for (const metric of [
      'altered.search.p50',
      'altered.both.p99',
      'unmatched.both.p99',
      'build',
    ]) {
      expect(valueOf(`votes.${metric}`), metric).toBeGreaterThan(0)
    }
    expect(records.every(({ value }) => Number.isFinite(value))).toBe(true)
  })
})

async function featuresOf(picture: Buffer): Promise<Buffer> {
  const set = await fingerprintMedia(Uint8Array.from(picture), limits, { features: true })
  return Buffer.from(set.features ?? '', 'base64')
}
