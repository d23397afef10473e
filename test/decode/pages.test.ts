import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { tiffBomb } from '../../fixtures/index.ts'
import { decodePicture, everyPage } from '../../src/decode/index.ts'
import { choosePages, groupPages } from '../../src/decode/pages.ts'
import { codeOf, decodeLimits } from './limits.ts'

const WIDTH = 40
const HEIGHT = 30

/** Pages of one grey level each, so that a page tells its number. */
async function animation(pages: number, format: 'gif' | 'webp' | 'tiff', delay = [100]) {
  const levels = Array.from({ length: pages }, (_, page) => (page * 240) / pages)
  const stills = levels.map((level) => {
    const background = { r: level, g: level, b: level }
    const picture = { width: WIDTH, height: HEIGHT, channels: 3, background } as const
    return sharp({ create: picture }).png().toBuffer()
  })
  const strip = sharp(await Promise.all(stills), { join: { animated: true } })
  if (format === 'tiff') return strip.tiff().toBuffer()
  return format === 'gif'
    ? strip.gif({ delay, interFrameMaxError: 0, keepDuplicateFrames: true }).toBuffer()
    : strip.webp({ delay, lossless: true }).toBuffer()
}

describe('pictures of several pages', () => {
  it.each(['gif', 'webp'] as const)(
    'an animated %s gives each page with its time',
    async (format) => {
      const bytes = await animation(4, format, [500, 250, 1_000, 500])
      const pages = await everyPage(decodePicture(bytes, decodeLimits()))
      expect(pages.map(({ seconds }) => seconds)).toEqual([0, 0.5, 0.75, 1.75])
      expect(pages.map(({ raster }) => raster.data[0])).toEqual([0, 60, 120, 180])
      for (const { raster } of pages) {
        expect(raster).toMatchObject({ width: WIDTH, height: HEIGHT, orientation: 1 })
        expect(raster.data.length).toBe(WIDTH * HEIGHT * 3)
      }
    },
  )

  it('takes 100 ms for a delay that browsers do not keep', async () => {
    const pages = await everyPage(
      decodePicture(await animation(3, 'gif', [0, 0, 0]), decodeLimits()),
    )
    expect(pages.map(({ seconds }) => seconds)).toEqual([0, 0.1, 0.2])
  })

  it('looks at pages spread over the whole when there are too many', async () => {
    const pages = await everyPage(
      decodePicture(await animation(60, 'gif'), decodeLimits({ pagesMax: 6 })),
    )
    expect(pages.map(({ raster }) => (raster.data[0] ?? 0) / 4)).toEqual([0, 10, 20, 30, 40, 50])
  })

  it('reads a document page by page, numbered instead of timed', async () => {
    const pages = await everyPage(decodePicture(await animation(3, 'tiff'), decodeLimits()))
    expect(pages.map(({ seconds }) => seconds)).toEqual([0, 1, 2])
    expect(pages.map(({ raster }) => raster.data[0])).toEqual([0, 80, 160])
  })

  it('limits the pixels of a page, not of all', async () => {
    const bytes = await animation(5, 'gif')
    const exact = decodeLimits({ pixelsMax: WIDTH * HEIGHT })
    expect(await everyPage(decodePicture(bytes, exact))).toHaveLength(5)
    const less = decodeLimits({ pixelsMax: WIDTH * HEIGHT - 1 })
    expect(await codeOf(everyPage(decodePicture(bytes, less)))).toBe('MEDIA_LIMIT')
  })
})

describe('the pages of one file', () => {
  it('are in memory one at a time, each held before it is decoded', async () => {
    const held: number[] = []
    const memory = { hold: (bytes: number) => held.push(bytes) }
    const bomb = tiffBomb([1000, 2000, 50])
    expect(bomb.length).toBeLessThan(4_096)
    const { pages, keyframes } = await decodePicture(bomb, decodeLimits(), memory)
    expect([pages, held]).toEqual([3, []])
    const sizes: number[] = []
    for await (const { raster } of keyframes) {
      sizes.push(raster.width)
      expect(held).toHaveLength(sizes.length)
      expect(held.at(-1)).toBeGreaterThan(raster.data.length)
    }
    expect(sizes).toEqual([1000, 2000, 50])
  })

  it('share a budget of pixels, which is spent page by page', async () => {
    const limits = decodeLimits({ filePixelsMax: 1_000 ** 2 + 500 ** 2 })
    expect(await everyPage(decodePicture(tiffBomb([1000, 500]), limits))).toHaveLength(2)
    const { keyframes } = await decodePicture(tiffBomb([1000, 501, 10]), limits)
    const pages = keyframes[Symbol.asyncIterator]()
    expect((await pages.next()).done).toBe(false)
    expect(await codeOf(pages.next())).toBe('MEDIA_LIMIT')
    const frames = await animation(5, 'gif')
    const few = decodeLimits({ filePixelsMax: WIDTH * HEIGHT * 5 - 1 })
    expect(await codeOf(decodePicture(frames, few))).toBe('MEDIA_LIMIT')
  })

  it('each keep to the pixels of one', async () => {
    const limits = decodeLimits({ pixelsMax: 500 ** 2 })
    const later = everyPage(decodePicture(tiffBomb([100, 501]), limits))
    expect(await codeOf(later)).toBe('MEDIA_LIMIT')
  })
})

describe('choosePages', () => {
  it('keeps all when they are few, and starts at the first', () => {
    expect(choosePages(3, 64)).toEqual([0, 1, 2])
    expect(choosePages(10, 3)).toEqual([0, 3, 6])
    expect(choosePages(1, 1)).toEqual([0])
  })
})

describe('groupPages', () => {
  it('decodes neighbours together and large pages alone', () => {
    expect(groupPages([0, 1, 2], 100)).toEqual([[0, 1, 2]])
    expect(groupPages([0, 1, 2], Infinity)).toEqual([[0], [1], [2]])
    expect(groupPages([0, 2, 4, 6], 10 * 1024 * 1024)).toEqual([
      [0, 2],
      [4, 6],
    ])
  })
})
