import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { configWith } from '../../src/config.ts'
import { hammingDistance, parseHash256 } from '../../src/core/index.ts'
import { decodePicture, everyPage, decodeShrunk } from '../../src/decode/index.ts'
import {
  fingerprintMedia,
  hasher,
  nativeHasher,
  scanMedia,
  type ShrunkView,
  sightMedia,
  type View,
} from '../../src/fingerprint/index.ts'

const { decode: limits } = configWith({})
/** Of a blockhash nothing tells how far it is off. */
const BLOCKHASH_BITS = 20

/** How many bits the hash of a view may be off. */
function slackOf(view: View | ShrunkView): number {
  return 'slack' in view ? view.slack : 0
}

function distance(a: string, b: string): number {
  return hammingDistance(parseHash256(a), parseHash256(b))
}

describe('scan of a large JPEG', () => {
  // Without a native core luma alone cannot be read, and sharp shrinks these too.
  const isEighthOfLuma = nativeHasher() !== undefined

  it.each([
    { width: 1600, height: 1200, factor: 8 },
    { width: 1337, height: 901, factor: 4 },
    { width: 413, height: 799, factor: 2 },
    { width: 1555, height: 1540, factor: 8 },
  ])('hashes at 1 to $factor what is near to the hash of $width x $height', async (size) => {
    const { width, height, factor } = size
    const bytes = await sceneJpeg(31, { width, height })
    const full = await fingerprintMedia(bytes, limits)
    const scan = await scanMedia(bytes, limits)
    expect((await decodeShrunk(bytes, limits))?.factor).toBe(factor)
    const { hasher, views, blockhash = '', ...rest } = scan
    const isOfLuma = factor === 8 && isEighthOfLuma
    expect(hasher).toBe(isOfLuma ? 'pdq-dc' : 'pdq-shrunk')
    expect(full).toMatchObject(rest)
    // Of the digests a scan has the one that finds the same file, and those that a list has alone.
    expect([rest.sha256, rest.sha1, rest.md5]).toEqual([full.sha256, undefined, undefined])
    expect((await scanMedia(bytes, limits, { sought: ['md5'] })).md5).toBe(full.md5)
    if (isOfLuma) expect(blockhash).toBe('')
    else expect(distance(blockhash, full.blockhash ?? '')).toBeLessThanOrEqual(BLOCKHASH_BITS)
    expect(views).toHaveLength(full.views.length)
    for (const [index, view] of views.entries()) {
      const { name, pdq, quality } = view
      const whole = full.views[index]
      expect(name).toBe(whole?.name)
      expect(distance(pdq, whole?.pdq ?? '')).toBeLessThanOrEqual(slackOf(view))
      expect(slackOf(view)).toBeLessThanOrEqual(16)
      expect(Math.abs(quality - (whole?.quality ?? 0))).toBeLessThanOrEqual(2)
    }
  })

  it('sees features at a larger size, and hashes what a scan does', async () => {
    const bytes = await sceneJpeg(35, { width: 1700, height: 1290 })
    const scan = await scanMedia(bytes, limits)
    const { fingerprint } = await sightMedia(bytes, limits, 'default')
    expect((await decodeShrunk(bytes, limits, 512))?.factor).toBe(2)
    expect(fingerprint).toMatchObject({ hasher: 'pdq-shrunk', width: 1700, height: 1290 })
    expect(fingerprint.views.map(({ name }) => name)).toEqual(scan.views.map(({ name }) => name))
    for (const [index, { pdq }] of fingerprint.views.entries()) {
      expect(distance(pdq, scan.views[index]?.pdq ?? '')).toBeLessThanOrEqual(2)
    }
  })

  it('is far nearer to the whole picture than PDQ of the small raster is', async () => {
    const bits = { grid: 0, raster: 0 }
    for (const seed of [41, 42, 43, 44]) {
      const bytes = await sceneJpeg(seed, { width: 1000, height: 800 })
      const [page] = await everyPage(decodePicture(bytes, limits))
      const shrunk = await decodeShrunk(bytes, limits)
      const [whole] = (await scanMedia(bytes, limits)).views
      if (page === undefined || shrunk === undefined || whole === undefined) {
        throw new Error('nothing was decoded')
      }
      const { pdq } = hasher().pdqHash(page.raster)
      bits.grid += hammingDistance(pdq, parseHash256(whole.pdq))
      bits.raster += hammingDistance(pdq, hasher().pdqHash(shrunk).pdq)
    }
    expect(bits.grid * 3).toBeLessThan(bits.raster)
  })

  it('gives the blockhash of the picture upright', async () => {
    const bytes = await sceneJpeg(32, { width: 900, height: 700 })
    const tagged = await sharp(bytes)
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 95 })
      .toBuffer()
    const [full, scan] = [await fingerprintMedia(tagged, limits), await scanMedia(tagged, limits)]
    expect(scan.hasher).toBe('pdq-shrunk')
    expect(distance(scan.blockhash ?? '', full.blockhash ?? '')).toBeLessThanOrEqual(BLOCKHASH_BITS)
  })
})

it('scan of a WebP hashes at a quarter what is near to its hash', async () => {
  const jpeg = await sceneJpeg(36, { width: 1_337, height: 901 })
  const bytes = await sharp(jpeg).webp({ quality: 75 }).toBuffer()
  const [full, scan] = [await fingerprintMedia(bytes, limits), await scanMedia(bytes, limits)]
  expect(scan).toMatchObject({ hasher: 'pdq-shrunk', sha256: full.sha256 })
  expect(scan.views).toHaveLength(full.views.length)
  for (const [index, view] of scan.views.entries()) {
    expect(view.name).toBe(full.views[index]?.name)
    expect(distance(view.pdq, full.views[index]?.pdq ?? '')).toBeLessThanOrEqual(slackOf(view))
  }
})

describe('scan of another still', () => {
  it.runIf(nativeHasher() !== undefined).each(['png', 'gif', 'tiff', 'avif'] as const)(
    'that is large, as %s, hashes means of what was decoded',
    async (format) => {
      const jpeg = await sceneJpeg(37, { width: 1_337, height: 1_030 })
      const bytes = await sharp(jpeg).toFormat(format).toBuffer()
      const [full, scan] = [await fingerprintMedia(bytes, limits), await scanMedia(bytes, limits)]
      expect(scan).toMatchObject({ hasher: 'pdq-shrunk', width: 1_337, height: 1_030 })
      expect([scan.sha256, scan.sha1]).toEqual([full.sha256, undefined])
      expect(scan.views.map(({ name }) => name)).toEqual(full.views.map(({ name }) => name))
      for (const [index, view] of scan.views.entries()) {
        expect(distance(view.pdq, full.views[index]?.pdq ?? '')).toBeLessThanOrEqual(slackOf(view))
      }
    },
  )
})

describe('scan of anything else', () => {
  it('is at full resolution', async () => {
    const jpeg = await sceneJpeg(33, { width: 800, height: 600 })
    const small = await sceneJpeg(34, { width: 400, height: 250 })
    const others = [small, await sharp(jpeg).png().toBuffer()]
    for (const bytes of others) {
      expect(await scanMedia(bytes, limits)).toEqual(await fingerprintMedia(bytes, limits))
    }
  })
})
