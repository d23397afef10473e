import sharp, { type Sharp } from 'sharp'
import { describe, expect, it } from 'vitest'
import { pngBomb, sceneJpeg } from '../../fixtures/index.ts'
import { decodePicture, everyPage, pictureFormats } from '../../src/decode/index.ts'
import { codeOf, decodeLimits } from './limits.ts'

const WIDTH = 96
const HEIGHT = 64
const scene = sharp(await sceneJpeg(11, { width: WIDTH, height: HEIGHT, quality: 95 }))
const pixels = await scene.clone().raw().toBuffer()

/** Each format that this build can write, and how far (mean grey levels) it may stray. */
const formats: [string, (picture: Sharp) => Sharp, number][] = [
  ['JPEG', (picture) => picture.jpeg({ quality: 95 }), 3],
  ['progressive JPEG', (picture) => picture.jpeg({ quality: 95, progressive: true }), 3],
  ['PNG', (picture) => picture.png(), 0],
  ['interlaced PNG', (picture) => picture.png({ progressive: true }), 0],
  ['WebP', (picture) => picture.webp({ quality: 95 }), 4],
  ['lossless WebP', (picture) => picture.webp({ lossless: true }), 0],
  ['AVIF', (picture) => picture.avif({ quality: 90, effort: 0 }), 4],
  ['GIF', (picture) => picture.gif(), 8],
  ['TIFF', (picture) => picture.tiff({ compression: 'lzw' }), 0],
  ['tiled TIFF', (picture) => picture.tiff({ compression: 'deflate', tile: true }), 0],
]

async function decodeStill(bytes: Uint8Array) {
  const keyframes = await everyPage(decodePicture(bytes, decodeLimits()))
  expect(keyframes.map(({ seconds }) => seconds)).toEqual([0])
  const [still] = keyframes
  if (still === undefined) throw new Error('unreachable')
  return still.raster
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length)
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length
}

describe('decodePicture', () => {
  it.each(formats)('decodes %s to interleaved RGB', async (_, write, tolerance) => {
    const raster = await decodeStill(await write(scene.clone()).toBuffer())
    expect(raster).toMatchObject({ width: WIDTH, height: HEIGHT, channels: 3, orientation: 1 })
    expect(meanDifference(raster.data, pixels)).toBeLessThanOrEqual(tolerance)
  })

  it('makes RGB of grey, grey with alpha, a palette and CMYK', async () => {
    const grey = scene.clone().greyscale()
    const level = await decodeStill(await grey.clone().png().toBuffer())
    expect(level.data.length).toBe(WIDTH * HEIGHT * 3)
    expect(level.data[0]).toBe(level.data[2])
    const faint = grey.clone().ensureAlpha(0.3).png()
    expect((await decodeStill(await faint.toBuffer())).data).toEqual(level.data)
    const palette = await decodeStill(await scene.clone().png({ palette: true }).toBuffer())
    expect(meanDifference(palette.data, pixels)).toBeLessThan(8)
    const inks = scene.clone().toColourspace('cmyk').jpeg({ quality: 95 })
    const cmyk = await decodeStill(await inks.toBuffer())
    expect(cmyk.data.length).toBe(WIDTH * HEIGHT * 3)
    expect(meanDifference(cmyk.data, pixels)).toBeLessThan(40)
  })

  it('drops alpha and shows what lies under it', async () => {
    const clear = await scene.clone().ensureAlpha(0).png().toBuffer()
    expect((await decodeStill(clear)).data).toEqual(new Uint8Array(pixels))
  })

  it('brings 16 bits to 8', async () => {
    const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const
    const deep = sharp(
      Uint16Array.from(pixels, (level) => level * 257),
      { raw },
    )
    const png = await deep.toColourspace('rgb16').png().toBuffer()
    expect((await sharp(png).metadata()).depth).toBe('ushort')
    expect((await decodeStill(png)).data).toEqual(new Uint8Array(pixels))
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('reports EXIF orientation %i, unapplied', async (value) => {
    const tagged = await scene.clone().withMetadata({ orientation: value }).jpeg().toBuffer()
    const raster = await decodeStill(tagged)
    expect(raster).toMatchObject({ width: WIDTH, height: HEIGHT, orientation: value })
  })

  it('refuses over limits, before it decodes', async () => {
    const png = await scene.clone().png().toBuffer()
    const few = decodeLimits({ pixelsMax: WIDTH * HEIGHT - 1 })
    expect(await codeOf(everyPage(decodePicture(png, few)))).toBe('MEDIA_LIMIT')
    const exact = decodeLimits({ pixelsMax: WIDTH * HEIGHT })
    expect(await everyPage(decodePicture(png, exact))).toHaveLength(1)
    expect(await codeOf(everyPage(decodePicture(pngBomb(60_000, 60_000), decodeLimits())))).toBe(
      'MEDIA_LIMIT',
    )
    const small = decodeLimits({ bytesMax: png.length - 1 })
    expect(await codeOf(everyPage(decodePicture(png, small)))).toBe('TOO_LARGE')
  })

  it('gives up at the time limit', async () => {
    const large = { width: 9_000, height: 9_000, channels: 3, background: '#345' } as const
    const png = await sharp({ create: large }).png({ compressionLevel: 1 }).toBuffer()
    const hasty = decodeLimits({ secondsMax: 0.02 })
    expect(await codeOf(everyPage(decodePicture(png, hasty)))).toBe('DECODE_TIMEOUT')
  })

  it('reads HEIC exactly where the build of sharp does', async () => {
    const heic = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1')
    const expected = pictureFormats().includes('heic') ? 'MEDIA_CORRUPT' : 'MEDIA_UNSUPPORTED'
    expect(await codeOf(everyPage(decodePicture(heic, decodeLimits())))).toBe(expected)
    expect(pictureFormats()).toEqual(
      expect.arrayContaining(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif']),
    )
  })

  it('refuses SVG and films', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    expect(await codeOf(everyPage(decodePicture(svg, decodeLimits())))).toBe('MEDIA_UNSUPPORTED')
    const film = Buffer.from('\0\0\0\x10ftypisom\0\0\0\0', 'latin1')
    expect(await codeOf(everyPage(decodePicture(film, decodeLimits())))).toBe('MEDIA_UNSUPPORTED')
  })
})
