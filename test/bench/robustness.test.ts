import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { hardNegatives } from '../../bench/robustness/hard-negatives.ts'
import { drawOf, transforms } from '../../bench/robustness/transforms/index.ts'
import { sceneJpeg } from '../../fixtures/index.ts'

const SIZE = { width: 240, height: 180 }
/** Enough that a parameter with few values takes another one. */
const SEEDS = 8
const scenes = Promise.all(Array.from({ length: 10 }, (_, seed) => sceneJpeg(900 + seed, SIZE)))

describe('transforms of the robustness benchmark', () => {
  it('make the same copy of the same picture and seed, and another one of another seed', async () => {
    const [picture = Buffer.alloc(0), ...others] = await scenes
    const alwaysSame: string[] = []
    for (const { name, transform } of transforms) {
      const make = (seed: number) => transform(picture, drawOf(others, seed))
      const copy = await make(1)
      expect((await sharp(copy).metadata()).width, name).toBeGreaterThan(16)
      expect((await make(1)).equals(copy), name).toBe(true)
      let seed = 2
      while (seed < SEEDS && (await make(seed)).equals(copy)) seed += 1
      if (seed === SEEDS) alwaysSame.push(name)
    }
    expect(alwaysSame).toEqual(['grey', 'sepia', 'mirror', 'upside down', 'negative'])
  })

  it('never set a photograph beside itself', async () => {
    const others = await scenes
    const draw = drawOf(others, 5)
    const drawn = others.map(() => draw.other())
    expect(new Set(drawn).size).toBe(others.length)
    expect(() => draw.other()).toThrow('too few')
  })

  it('make pairs that are not the same picture', async () => {
    const others = await scenes
    for (const [name, drawNegative] of Object.entries(hardNegatives)) {
      const { known, harmless = [], seen } = await drawNegative(drawOf(others, 7))
      const all = [...known, ...harmless, seen].map((picture) => picture.toString('base64'))
      expect(new Set(all).size, name).toBe(all.length)
    }
  })
})
