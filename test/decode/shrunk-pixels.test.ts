import { beforeAll, describe, expect, it } from 'vitest'
import { type NativeShrunk, nativeCore } from '../../native/binding.ts'
import { scenePixels } from '../../fixtures/index.ts'
import { SeededRandom } from '../../src/core/index.ts'
import { decodeShrunk, type PixelMemory } from '../../src/decode/index.ts'
import { usually } from '../long.ts'
import {
  byCjpeg,
  byDjpeg,
  bySharp,
  grainyPixels,
  hasLibjpeg,
  JPEG_FORMS,
  mutated,
} from './jpeg-forms.ts'
import { decodeLimits } from './limits.ts'

const limits = decodeLimits()
const core = nativeCore()
const SEED = Number(process.env['HINDRA_SEED'] ?? 20261130)
const FACTORS = [2, 4, 8] as const
type Factor = (typeof FACTORS)[number]
if (core === undefined) console.warn('skipped: there is no native core to read pixels')

/** What the reader leaves to sharp, and why; chroma of fewer samples is read where it is halved both ways. */
const UNREAD: Readonly<Record<string, string>> = {
  arithmetic: 'coding',
  'red, green and blue': 'colours',
  progressive: 'coding',
  'progressive, grey': 'coding',
  'progressive, with restarts': 'coding',
  mozjpeg: 'coding',
  '16-bit steps': 'coding',
  '4:2:2': 'sampling',
  '4:4:0': 'sampling',
  '4:1:1': 'coding',
  'chroma of two kinds': 'sampling',
}

function read(bytes: Uint8Array, factor: Factor): NativeShrunk | string {
  return core?.shrunkPixels(bytes, factor, limits.pixelsMax) ?? 'no native core'
}

/** In red, green and blue, whether it has colours or not. */
function pixelsByLibjpeg(bytes: Uint8Array, factor: Factor, found: NativeShrunk) {
  return byDjpeg(bytes, factor, found, '-rgb')?.data
}

describe.skipIf(core === undefined || !hasLibjpeg())(
  `pixels beside libjpeg-turbo, seed ${SEED}`,
  () => {
    it.each(Object.keys(JPEG_FORMS))('%s: level by level, or declined', async (name) => {
      const random = new SeededRandom(SEED)
      for (let round = 0; round < usually(3, 40); round += 1) {
        const size = { width: random.integer(8, 300), height: random.integer(8, 220) }
        const picture = round % 2 === 0 ? scenePixels(round, size) : grainyPixels(round, size)
        const bytes = (await JPEG_FORMS[name]?.(picture)) ?? Buffer.alloc(0)
        for (const factor of FACTORS) {
          const found = read(bytes, factor)
          expect(typeof found === 'string' ? found : undefined).toBe(UNREAD[name])
          if (typeof found === 'string') continue
          expect(pixelsByLibjpeg(bytes, factor, found)).toEqual(found.data)
        }
      }
    })

    it('what it reads of a damaged file is what libjpeg-turbo reads of it', async () => {
      const random = new SeededRandom(SEED)
      const picture = grainyPixels(9, { width: 160, height: 120 })
      const forms = Object.entries(JPEG_FORMS).filter(([name]) => UNREAD[name] === undefined)
      const sound = await Promise.all(forms.map(async ([, form]) => form(picture)))
      let readable = 0
      const files = usually(600, 10_000)
      for (let number = 0; number < files; number += 1) {
        const bytes = mutated(sound[number % sound.length] ?? Buffer.alloc(0), random)
        const factor = FACTORS[number % FACTORS.length] ?? 2
        const found = read(bytes, factor)
        if (typeof found === 'string') continue
        readable += 1
        expect(pixelsByLibjpeg(bytes, factor, found)).toEqual(found.data)
      }
      expect(readable).toBeGreaterThan(files / 20)
    })

    it('leaves to others coefficients that no picture has, of which decoders make what they like', () => {
      const picture = scenePixels(4, { width: 64, height: 48 })
      const bytes = byCjpeg(picture, '-quality', '90')
      expect(typeof read(bytes, 2)).toBe('object')
      // Behind marker, length and number of the first table: each coefficient is so many times as large.
      const steps = bytes.indexOf(Buffer.from([0xff, 0xdb])) + 5
      expect(read(Buffer.from(bytes).fill(255, steps, steps + 64), 2)).toBe('damaged')
    })
  },
)

describe.skipIf(core === undefined)('decodeShrunk of a JPEG that the native reader reads', () => {
  const large = scenePixels(3, { width: 1100, height: 1030 })
  let baseline = Buffer.alloc(0)
  let progressive = Buffer.alloc(0)

  beforeAll(async () => {
    // Progressive coding holds the same coefficients, and is left to sharp.
    const picture = bySharp(large)
    baseline = await picture.clone().jpeg({ quality: 90 }).toBuffer()
    progressive = await picture.clone().jpeg({ quality: 90, progressive: true }).toBuffer()
  })

  it.each([
    [2, 512],
    [4, 256],
    [8, 0],
  ] as const)('gives at 1/%i what sharp gives, pixel by pixel', async (factor, side) => {
    const [own, bySharpAlone] = [
      await decodeShrunk(baseline, limits, side),
      await decodeShrunk(progressive, limits, side),
    ]
    expect([typeof read(baseline, factor), read(progressive, factor)]).toEqual(['object', 'coding'])
    expect(own?.factor).toBe(factor)
    expect(own).toEqual(bySharpAlone)
  })

  it('holds memory for what is kept: of the shrunk picture, or of the whole one', async () => {
    const held: number[] = []
    const memory: PixelMemory = { hold: (bytes) => void held.push(bytes) }
    await decodeShrunk(baseline, limits, 512, memory)
    expect(held).toEqual([(6 * 1100 * 1030) / 4])
    await decodeShrunk(progressive, limits, 512, memory)
    expect(held.slice(1)).toEqual([(6 * 1100 * 1030) / 4, 6 * 1100 * 1030])
  })
})

describe.skipIf(core === undefined)('shrunkPixels', () => {
  it('takes a factor that halves, and declines what has no pixel then or too many', async () => {
    const bytes = await bySharp(scenePixels(1, { width: 24, height: 7 }))
      .jpeg()
      .toBuffer()
    expect(() => core?.shrunkPixels(bytes, 3 as 2, limits.pixelsMax)).toThrow(RangeError)
    expect(read(bytes, 8)).toBe('size')
    expect(read(bytes, 4)).toMatchObject({ fullWidth: 24, fullHeight: 7 })
    expect(core?.shrunkPixels(bytes, 2, 24 * 7 - 1)).toBe('size')
  })
})
