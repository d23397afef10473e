import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { damaged } from '../../fixtures/index.ts'
import { SeededRandom } from '../../src/core/index.ts'
import { decodePicture, everyPage } from '../../src/decode/index.ts'
import { undressed } from '../../src/fingerprint/browser/undressed.ts'
import { hardPicture } from '../console/told-pictures.ts'
import { decodeLimits } from '../decode/limits.ts'

const WORN = [
  ...['jpeg-orientation-6', 'png-orientation-6', 'webp-orientation-8'],
  ...['jpeg-p3', 'png-p3', 'webp-p3', 'png-alpha', 'jpeg-grey', 'gif'],
]

async function rasterOf(bytes: Uint8Array) {
  const [page] = await everyPage(decodePicture(bytes, decodeLimits()))
  return page?.raster
}

function bytesOf(bare: ReturnType<typeof undressed>): Uint8Array {
  if (typeof bare === 'string') throw new Error(bare)
  return bare
}

describe('a picture without what browsers turn and shift it by', () => {
  it.each(WORN)('has the same pixels, is upright and of no profile (%s)', async (name) => {
    const { bytes } = await hardPicture(name)
    const before = Uint8Array.from(bytes)
    const bare = bytesOf(undressed(bytes))
    const [was, is] = [await rasterOf(bytes), await rasterOf(bare)]
    expect(is?.orientation).toBe(1)
    expect(Buffer.from(is?.data ?? []).equals(Buffer.from(was?.data ?? [0]))).toBe(true)
    const { icc, exif } = await sharp(bare).metadata()
    expect({ icc, exif }).toEqual({ icc: undefined, exif: undefined })
    expect(Buffer.from(bytes).equals(before)).toBe(true)
  })

  it('is of no inks, no other format, and whole', async () => {
    for (const name of ['jpeg-cmyk', 'jpeg-cmyk-profile', 'avif', 'avif-alpha']) {
      const { bytes } = await hardPicture(name)
      expect([name, undressed(bytes)]).toEqual([name, 'differs'])
    }
    for (const text of ['', 'GIF', 'RIFF', '<svg xmlns="http://www.w3.org/2000/svg"/>']) {
      expect(undressed(Buffer.from(text))).toBe('unreadable')
    }
    for (const name of ['jpeg-p3', 'png-p3', 'webp-p3', 'gif']) {
      const { bytes } = await hardPicture(name)
      for (const share of [0.001, 0.01, 0.1, 0.5, 0.99]) {
        const cut = bytes.slice(0, Math.floor(bytes.length * share))
        expect([name, share, undressed(cut)]).toEqual([name, share, 'unreadable'])
      }
    }
  })

  it('is made of whatever bytes there are without a fault', async () => {
    const random = new SeededRandom(7)
    for (const name of ['jpeg-p3', 'png-p3', 'webp-p3', 'gif', 'avif']) {
      const { bytes } = await hardPicture(name)
      const head = bytes.slice(0, 4_096)
      for (let round = 0; round < 400; round += 1) {
        const bent = undressed(damaged(head, random, { count: 8, keep: 4 }))
        expect(['string', 'object']).toContain(typeof bent)
      }
    }
  })
})
