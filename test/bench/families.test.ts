import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { documents } from '../../bench/robustness/families/documents.ts'
import { maskOf, outlineOf } from '../../bench/robustness/families/outline.ts'
import { withSubject } from '../../bench/robustness/families/scene.ts'
import { subject } from '../../bench/robustness/families/subject.ts'
import { viewpoints } from '../../bench/robustness/families/viewpoints.ts'
import { halfOf, scenesOf } from '../../bench/robustness/halves.ts'
import { drawOf } from '../../bench/robustness/transforms/index.ts'
import { sceneJpeg } from '../../fixtures/index.ts'
import { SeededRandom } from '../../src/core/index.ts'

const SIZE = { width: 240, height: 180 }
/** Of the rows of `subject`, each way with another size. */
const EVERY = 5
const scenes = Promise.all(Array.from({ length: 8 }, (_, seed) => sceneJpeg(700 + seed, SIZE)))

describe('families of the robustness benchmark', () => {
  it.each([subject, documents, viewpoints])(
    '$name makes the same pair of the same draw',
    async ({ name: family, rows, photographsAPair }) => {
      const others = (await scenes).slice(0, photographsAPair)
      const every = family === 'subject' ? EVERY : 1
      const some = Object.entries(rows).filter((_, index) => index % every === 0)
      for (const [name, row] of some) {
        const { known, seen } = await row(drawOf(others, 3))
        const again = await row(drawOf(others, 3))
        expect([again.known.equals(known), again.seen.equals(seen)], name).toEqual([true, true])
      }
    },
  )

  it.each([0.03, 0.12, 0.4])('a silhouette covers %s of the picture', async (share) => {
    for (let seed = 0; seed < 5; seed += 1) {
      const size = { width: 300 + seed * 90, height: 420 }
      const mask = await maskOf(await outlineOf(new SeededRandom(seed), size, share), size, 2)
      const covered = mask.filter((level) => level >= 128).length / mask.length
      expect(Math.abs(covered / share - 1)).toBeLessThan(0.12)
    }
  })
})

describe('a silhouette that is filled', () => {
  it.each(['smooth', 'textured', 'photograph'] as const)(
    'by what is %s differs plainly where it is, and nowhere else',
    async (filling) => {
      const [ground = Buffer.alloc(0), ...others] = await scenes
      const random = new SeededRandom(4)
      const outline = await outlineOf(random, SIZE, 0.2)
      const [inside, around] = await Promise.all([0, 6].map((soft) => maskOf(outline, SIZE, soft)))
      const filledBeside = (other: Buffer) =>
        withSubject({ ground, size: SIZE }, drawOf(others, 1), outline, filling, other)
      const one = await filledBeside(ground)
      const two = await filledBeside(one)
      for (const [a, b] of [
        [ground, one],
        [one, two],
      ] as const) {
        expect(await meanDifference(a, b, (pixel) => inside?.[pixel] === 255)).toBeGreaterThan(14)
        expect(await meanDifference(a, b, (pixel) => around?.[pixel] === 0)).toBeLessThan(4)
      }
    },
  )

  async function meanDifference(a: Buffer, b: Buffer, counts: (pixel: number) => boolean) {
    const [first, second] = await Promise.all(
      [a, b].map((picture) => sharp(picture).raw().toBuffer()),
    )
    const levels = Array.from(first ?? [], (level, sample) =>
      Math.abs(level - (second?.[sample] ?? 0)),
    )
    const counted = levels.filter((_, sample) => counts(Math.floor(sample / 3)))
    return counted.reduce((sum, level) => sum + level, 0) / counted.length
  }
})

describe('halves of the photographs', () => {
  const hashes = (byte: number) => {
    const whole = new Uint8Array(32).fill(byte)
    const far = Uint8Array.from(whole, (_, index) => (index % 2 === 0 ? 0x33 : 0xcc))
    const [rot90, rot180, rot270, flipx, flipy, flipp] = [far, far, far, far, far, far]
    return { whole, rot90, rot180, rot270, flipx, flipy, flipp, flipm: far }
  }

  it('keep together what hangs together, in whatever order it comes', () => {
    const near = [
      { name: 'c', hashes: hashes(0b0000_0111) },
      { name: 'a', hashes: hashes(0) },
      { name: 'b', hashes: hashes(0b0000_0001) },
      { name: 'd', hashes: hashes(0xff) },
    ]
    const expected = [['a', 'b', 'c'], ['d']]
    for (const order of [near, near.toReversed()]) {
      expect(
        scenesOf(order)
          .toSorted()
          .map((scene) => [...scene]),
      ).toEqual(expected)
    }
  })

  it('are told by the first name of a scene alone', () => {
    expect(halfOf(['a', 'b'])).toBe(halfOf(['a']))
    const halves = Array.from({ length: 200 }, (_, index) => halfOf([`${index}.jpg`]))
    const develop = halves.filter((half) => half === 'develop').length
    expect(develop).toBeGreaterThan(70)
    expect(develop).toBeLessThan(130)
  })
})
