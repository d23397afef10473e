import { describe, expect, it } from 'vitest'
import { type NativeShrunk, nativeCore } from '../../native/binding.ts'
import { scenePixels } from '../../fixtures/index.ts'
import { SeededRandom } from '../../src/core/index.ts'
import { decodeShrunk, decodeShrunkLuma } from '../../src/decode/index.ts'
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
import { codeOf, decodeLimits } from './limits.ts'

const limits = decodeLimits()
const core = nativeCore()
const SEED = Number(process.env['HINDRA_SEED'] ?? 20261129)
const UNREAD = ['arithmetic', 'red, green and blue']
if (core === undefined) console.warn('skipped: there is no native core to read luma')

/** Luma of a JPEG of any size, or why it was declined. */
function read(bytes: Uint8Array): NativeShrunk | string {
  return core?.lumaAtEighth(bytes, 1, limits.pixelsMax) ?? 'no native core'
}

function levelsByLibjpeg(bytes: Uint8Array, found: NativeShrunk): Uint8Array | undefined {
  return byDjpeg(bytes, 8, found, '-grayscale')?.data
}

describe.skipIf(core === undefined || !hasLibjpeg())(
  `luma beside libjpeg-turbo, seed ${SEED}`,
  () => {
    it.each(Object.keys(JPEG_FORMS))('%s: level by level, or declined', async (name) => {
      const random = new SeededRandom(SEED)
      for (let round = 0; round < usually(4, 40); round += 1) {
        const size = { width: random.integer(1, 300), height: random.integer(1, 220) }
        const picture = round % 2 === 0 ? scenePixels(round, size) : grainyPixels(round, size)
        const bytes = (await JPEG_FORMS[name]?.(picture)) ?? Buffer.alloc(0)
        const found = read(bytes)
        expect(typeof found === 'string').toBe(UNREAD.includes(name))
        if (typeof found !== 'string') expect(levelsByLibjpeg(bytes, found)).toEqual(found.data)
      }
    })

    it('what it reads of a damaged file is what libjpeg-turbo reads of it', async () => {
      const random = new SeededRandom(SEED)
      const picture = grainyPixels(9, { width: 160, height: 120 })
      const sound = await Promise.all(Object.values(JPEG_FORMS).map(async (form) => form(picture)))
      let readable = 0
      const files = usually(600, 10_000)
      for (let number = 0; number < files; number += 1) {
        const bytes = mutated(sound[number % sound.length] ?? Buffer.alloc(0), random)
        const found = read(bytes)
        if (typeof found === 'string') continue
        readable += 1
        expect(levelsByLibjpeg(bytes, found)).toEqual(found.data)
      }
      expect(readable).toBeGreaterThan(files / 20)
    })
  },
)

describe.skipIf(core === undefined)('decodeShrunkLuma', () => {
  const large = scenePixels(3, { width: 1100, height: 1030 })

  it('gives the luma of the raster that sharp shrinks, whatever the orientation', async () => {
    for (const form of [{}, { progressive: true }]) {
      const picture = bySharp(large).withMetadata({ orientation: 6 })
      const bytes = await picture.jpeg({ quality: 90, ...form }).toBuffer()
      const luma = decodeShrunkLuma(bytes, limits)
      const raster = await decodeShrunk(bytes, limits)
      const sides = { width: 137, height: 128, factor: 8, fullWidth: 1100, fullHeight: 1030 }
      expect(luma).toMatchObject({ ...sides, channels: 1 })
      expect(raster).toMatchObject(sides)
      // What chroma adds to red and blue is cut off at black and white, which luma alone does not know.
      let stray = 0
      for (const [at, level] of (luma?.data ?? []).entries()) {
        const [red = 0, green = 0, blue = 0] = raster?.data.subarray(3 * at) ?? []
        stray += Math.abs(0.299 * red + 0.587 * green + 0.114 * blue - level)
      }
      expect(stray / (137 * 128)).toBeLessThan(0.5)
    }
  })

  it('leaves to others what is small, no JPEG, of other coding or above the limits', async () => {
    const cut = (width: number, height: number) =>
      bySharp(large).extract({ left: 0, top: 0, width, height })
    const declined: readonly (readonly [string, Promise<Uint8Array> | Uint8Array])[] = [
      ['size', cut(1100, 1023).jpeg().toBuffer()],
      ['size', cut(1023, 1030).jpeg({ progressive: true }).toBuffer()],
      ['colours', cut(1100, 1030).toColourspace('cmyk').jpeg().toBuffer()],
      ['no-jpeg', cut(1100, 1030).png({ compressionLevel: 0 }).toBuffer()],
      ['no-jpeg', new Uint8Array()],
    ]
    for (const [why, bytes] of declined) {
      expect(core?.lumaAtEighth(await bytes, 1024, limits.pixelsMax)).toBe(why)
      expect(decodeShrunkLuma(await bytes, limits)).toBeUndefined()
    }
    const whole = await cut(1100, 1030).jpeg().toBuffer()
    expect(decodeShrunkLuma(whole, limits)).toBeDefined()
    expect(decodeShrunkLuma(whole, decodeLimits({ pixelsMax: 1100 * 1030 - 1 }))).toBeUndefined()
    const small = decodeLimits({ bytesMax: whole.length - 1 })
    expect(await codeOf(Promise.resolve().then(() => decodeShrunkLuma(whole, small)))).toBe(
      'TOO_LARGE',
    )
  })

  it.runIf(hasLibjpeg())('says why it declines other codings', () => {
    const picture = grainyPixels(5, { width: 64, height: 48 })
    expect(read(byCjpeg(picture, '-arithmetic'))).toBe('coding')
    expect(read(byCjpeg(picture, '-rgb'))).toBe('colours')
    expect(read(byCjpeg(picture, '-sample', '1x1,2x2,1x1'))).toBe('sampling')
  })
})
