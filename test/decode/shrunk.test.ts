import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { sceneJpeg, truncated } from '../../fixtures/index.ts'
import { decodePicture, everyPage, decodeShrunk, type Raster } from '../../src/decode/index.ts'
import { untaggedJpegSize } from '../../src/decode/jpeg-segments.ts'
import { codeOf, decodeLimits } from './limits.ts'

const limits = decodeLimits()
const SIDE = 860
const scene = sharp(await sceneJpeg(51, { width: SIDE, height: SIDE, quality: 95 }))

function cut(width: number, height: number) {
  return scene.clone().extract({ left: 0, top: 0, width, height })
}

async function shrunkOf(bytes: Uint8Array) {
  const raster = await decodeShrunk(bytes, limits)
  if (raster === undefined) throw new Error('it was not shrunk')
  return raster
}

/** Means of squares of `factor` pixels, of the whole squares only. */
function blockMeans({ data, width, height }: Raster, factor: number): number[] {
  const columns = Math.floor(width / factor)
  const means: number[] = []
  for (let y = 0; y < Math.floor(height / factor); y += 1) {
    for (let at = 0; at < columns * 3; at += 1) {
      const x = Math.floor(at / 3) * factor
      let sum = 0
      for (let dy = 0; dy < factor; dy += 1) {
        for (let dx = 0; dx < factor; dx += 1) {
          sum += data[((y * factor + dy) * width + x + dx) * 3 + (at % 3)] ?? 0
        }
      }
      means.push(sum / factor ** 2)
    }
  }
  return means
}

/** How far in grey levels, on average, the raster is from the means of the whole picture's pixels. */
async function strayOf(bytes: Uint8Array): Promise<number> {
  const shrunk = await shrunkOf(bytes)
  const [page] = await everyPage(decodePicture(bytes, limits))
  if (page === undefined) throw new Error('unreachable')
  const means = blockMeans(page.raster, shrunk.factor)
  expect(shrunk.data.length).toBe(means.length)
  return (
    means.reduce((sum, mean, at) => sum + Math.abs(mean - (shrunk.data[at] ?? 0)), 0) / means.length
  )
}

describe('decodeShrunk', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7])(
    'keeps whole squares where %i pixels are over',
    async (over) => {
      const [width, height] = [400 + over, 392 + ((over * 3) % 8)]
      const half = await shrunkOf(await cut(width, height).jpeg().toBuffer())
      expect(half).toMatchObject({ factor: 2, fullWidth: width, fullHeight: height, channels: 3 })
      expect([half.width, half.height]).toEqual([width >> 1, height >> 1])
      const quarter = await shrunkOf(
        await cut(800 + over, 776)
          .jpeg()
          .toBuffer(),
      )
      expect([quarter.factor, quarter.width, quarter.height]).toEqual([4, (800 + over) >> 2, 194])
    },
  )

  // Rounding alone strays by 0.25; the picture moved by one pixel, by 1.1.
  it('gives the mean of each square of pixels, and nothing is moved or smoothed', async () => {
    for (const [width, height] of [
      [401, 387],
      [SIDE, 771],
    ] as const) {
      for (const chromaSubsampling of ['4:2:0', '4:4:4']) {
        const bytes = await cut(width, height).jpeg({ quality: 90, chromaSubsampling }).toBuffer()
        expect(await strayOf(bytes)).toBeLessThan(0.5)
      }
    }
  })

  it.each([
    ['progressive', cut(500, 400).jpeg({ progressive: true })],
    ['grey', cut(500, 400).greyscale().jpeg()],
    ['CMYK', cut(500, 400).toColourspace('cmyk').jpeg({ quality: 95 })],
    ['optimised by mozjpeg', cut(500, 400).jpeg({ mozjpeg: true })],
  ])('reads %s', async (_, picture) => {
    expect(await strayOf(await picture.toBuffer())).toBeLessThan(0.5)
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('reports EXIF orientation %i, unapplied', async (value) => {
    const tagged = await cut(500, 400).withMetadata({ orientation: value }).jpeg().toBuffer()
    const size = { width: 250, height: 200, fullWidth: 500, fullHeight: 400 }
    expect(await shrunkOf(tagged)).toMatchObject({ ...size, orientation: value })
  })

  it.each([
    [800, 600, 4],
    [803, 601, 4],
    [806, 602, 4],
    [402, 259, 2],
  ])('gives a WebP of %i x %i at 1 to %i, lossless or not', async (width, height, factor) => {
    for (const lossless of [true, false]) {
      const bytes = await cut(width, height).webp({ lossless, quality: 90 }).toBuffer()
      const shrunk = await shrunkOf(bytes)
      expect(shrunk).toMatchObject({ factor, channels: 3, orientation: 1 })
      expect(Math.abs(shrunk.width * factor - width)).toBeLessThan(factor)
      expect(Math.abs(shrunk.height * factor - height)).toBeLessThan(factor)
      expect(shrunk.fullWidth).toBe(Math.max(width, shrunk.width * factor))
      expect(shrunk.fullHeight).toBe(Math.max(height, shrunk.height * factor))
      if (width % factor === 0 && height % factor === 0)
        expect(await strayOf(bytes)).toBeLessThan(0.5)
    }
  })

  it('leaves to the full decode a WebP that moves or has an alpha channel', async () => {
    const large = cut(500, 400)
    const moving = await sharp(
      [await large.clone().png().toBuffer(), await cut(500, 400).negate().png().toBuffer()],
      { join: { animated: true } },
    )
      .webp()
      .toBuffer()
    const clear = await large.clone().ensureAlpha(0.5).webp().toBuffer()
    expect(await decodeShrunk(await large.clone().webp().toBuffer(), limits)).toBeDefined()
    for (const bytes of [moving, clear, truncated(await large.clone().webp().toBuffer(), 0.6)]) {
      expect(await decodeShrunk(bytes, limits)).toBeUndefined()
    }
  })

  it('leaves to the full decode what is small, another format or damaged', async () => {
    const large = cut(500, 400)
    for (const bytes of [
      await cut(500, 255).jpeg().toBuffer(),
      await large.clone().png().toBuffer(),
      truncated(await large.clone().jpeg().toBuffer(), 0.9),
      truncated(await large.clone().jpeg().toBuffer(), 0.01),
    ]) {
      expect(await decodeShrunk(bytes, limits)).toBeUndefined()
    }
  })

  it('keeps to the limits of the whole picture', async () => {
    const bytes = await cut(500, 400).jpeg().toBuffer()
    const few = decodeLimits({ pixelsMax: 500 * 400 - 1 })
    expect(await codeOf(decodeShrunk(bytes, few))).toBe('MEDIA_LIMIT')
    const small = decodeLimits({ bytesMax: bytes.length - 1 })
    expect(await codeOf(decodeShrunk(bytes, small))).toBe('TOO_LARGE')
  })
})

describe('size of a JPEG without orientation', () => {
  const plain = () => cut(500, 400).jpeg().toBuffer()

  it('is read from the segments, whatever the coding', async () => {
    for (const bytes of [
      await plain(),
      await cut(500, 400).jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer(),
      await cut(500, 400).greyscale().jpeg().toBuffer(),
      await cut(500, 400).withIccProfile('p3').jpeg().toBuffer(),
    ]) {
      expect(untaggedJpegSize(bytes)).toEqual({ width: 500, height: 400 })
    }
  })

  it('is left to libvips with EXIF, with what is unknown, and where a segment is cut off', async () => {
    const bytes = await plain()
    const tagged = await cut(500, 400).withMetadata({ orientation: 6 }).jpeg().toBuffer()
    expect(untaggedJpegSize(tagged)).toBeUndefined()
    const segment = Buffer.from([0xff, 0xe5, 0, 4, 1, 2])
    const unknown = Buffer.concat([bytes.subarray(0, 2), segment, bytes.subarray(2)])
    expect(untaggedJpegSize(unknown)).toBeUndefined()
    const scan = bytes.indexOf(Buffer.from([0xff, 0xda]))
    for (let end = 0; end < scan + 4; end += 1) {
      expect(untaggedJpegSize(bytes.subarray(0, end))).toBeUndefined()
    }
    expect(untaggedJpegSize(bytes.subarray(0, scan + 4))).toEqual({ width: 500, height: 400 })
  })
})
