import fc from 'fast-check'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { damaged, sceneJpeg, truncated } from '../../fixtures/index.ts'
import { SeededRandom } from '../../src/core/index.ts'
import { decodePicture, everyPage } from '../../src/decode/index.ts'
import { HindraError } from '../../src/errors.ts'
import { codeOf, decodeLimits } from './limits.ts'

const FORMATS = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif', 'animated gif', 'animated webp']
const files = new Map<string, Buffer>()

beforeAll(async () => {
  const pages = await Promise.all(
    [1, 2, 3].map((seed) => sceneJpeg(seed, { width: 80, height: 60 })),
  )
  for (const name of FORMATS) {
    const [format = '', kind = 'still'] = name.split(' ').reverse()
    const source = kind === 'still' ? sharp(pages[0]) : sharp(pages, { join: { animated: true } })
    files.set(name, await source.toFormat(format as 'png', { effort: 1 }).toBuffer())
  }
})

function file(name: string): Buffer {
  return files.get(name) ?? Buffer.alloc(0)
}

/** Full pixels of all pages, or the code of the error. */
async function outcome(bytes: Uint8Array): Promise<string | Buffer> {
  try {
    const pages = await everyPage(decodePicture(bytes, decodeLimits({ secondsMax: 10 })))
    return Buffer.concat(pages.map(({ raster }) => raster.data))
  } catch (error) {
    if (error instanceof HindraError) return error.code
    throw error
  }
}

describe('damaged pictures', () => {
  it.each(FORMATS)('%s cut off anywhere: all of the picture or MEDIA_CORRUPT', async (name) => {
    const whole = await outcome(file(name))
    expect(whole).toBeInstanceOf(Buffer)
    const share = fc.double({ min: 0.02, max: 0.9999, noNaN: true })
    await fc.assert(
      fc.asyncProperty(share, async (part) => {
        const found = await outcome(truncated(file(name), part))
        if (typeof found === 'string') expect(found).toBe('MEDIA_CORRUPT')
        else expect(found).toEqual(whole)
      }),
      { numRuns: 30 },
    )
    expect(await outcome(truncated(file(name), 0.5))).toBe('MEDIA_CORRUPT')
  })

  it.each(FORMATS)('%s with changed bytes: a picture or a typed error', async (name) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 40 }), async (seed, count) => {
        const bytes = damaged(file(name), new SeededRandom(seed), { count, keep: 12 })
        const found = await outcome(bytes)
        if (typeof found === 'string') expect(['MEDIA_CORRUPT', 'MEDIA_LIMIT']).toContain(found)
      }),
      { numRuns: 30 },
    )
  })

  it.each(FORMATS)('random bytes behind the head of %s: MEDIA_CORRUPT', async (name) => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (tail) => {
        const found = await outcome(Buffer.concat([file(name).subarray(0, 16), tail]))
        expect(['MEDIA_CORRUPT', 'MEDIA_LIMIT']).toContain(found)
      }),
      { numRuns: 30 },
    )
  })

  it('a harmless defect does not hide a picture', async () => {
    const jpeg = file('jpeg')
    const startOfScan = jpeg.indexOf(Buffer.from('ffda', 'hex'))
    const stray = Buffer.from('0102030405', 'hex')
    const odd = Buffer.concat([jpeg.subarray(0, startOfScan), stray, jpeg.subarray(startOfScan)])
    await expect(sharp(odd, { failOn: 'warning' }).raw().toBuffer()).rejects.toThrow()
    expect(await outcome(odd)).toEqual(await outcome(jpeg))
  })

  it('bytes after the end do not matter', async () => {
    const tail = Buffer.from('appended by a server')
    for (const name of ['jpeg', 'png', 'gif', 'animated gif']) {
      expect(await outcome(Buffer.concat([file(name), tail]))).toEqual(await outcome(file(name)))
    }
  })

  it('no bytes: MEDIA_EMPTY', async () => {
    expect(await codeOf(everyPage(decodePicture(new Uint8Array(), decodeLimits())))).toBe(
      'MEDIA_EMPTY',
    )
  })
})
