import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { filmMp4, reencodeFilm, sceneJpeg, scenePixels } from '../../fixtures/index.ts'
import { configWith } from '../../src/config.ts'
import { hammingDistance, parseHash256 } from '../../src/core/index.ts'
import {
  fingerprintMedia,
  scanMedia,
  sightMedia,
  type SoughtDigest,
  WHOLE_VIEWS,
} from '../../src/fingerprint/index.ts'

const { decode: limits } = configWith({})

describe('fingerprint of a picture', () => {
  it('holds its size, digests, the nine views in order and a blockhash', async () => {
    const bytes = await sceneJpeg(4, { width: 320, height: 200 })
    const found = await fingerprintMedia(bytes, limits)
    expect(found).toMatchObject({
      hasher: 'pdq-fullres',
      hasherVersion: 1,
      kind: 'image',
      width: 320,
      height: 200,
      md5: createHash('md5').update(bytes).digest('hex'),
      sha1: createHash('sha1').update(bytes).digest('hex'),
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })
    expect(found.views.map(({ name }) => name)).toEqual(WHOLE_VIEWS)
    expect(new Set(found.views.map(({ pdq }) => pdq)).size).toBe(WHOLE_VIEWS.length)
    expect(found.blockhash).toMatch(/^[0-9a-f]{64}$/)
    expect(found.durationSeconds).toBeUndefined()
    expect(JSON.parse(JSON.stringify(found))).toEqual(found)
  })

  it('finds the negative by the complement', async () => {
    const picture = await sceneJpeg(6)
    const negative = await sharp(picture).negate().jpeg({ quality: 90 }).toBuffer()
    const [whole, complement] = [await view(picture, 'whole'), await view(negative, 'complement')]
    expect(hammingDistance(whole, complement)).toBeLessThanOrEqual(31)
    expect(hammingDistance(whole, await view(negative, 'whole'))).toBeGreaterThan(200)
  })

  it('finds a mirrored copy by a turned view and only by that', async () => {
    const picture = await sceneJpeg(7)
    const mirrored = await sharp(picture).flop().jpeg({ quality: 85 }).toBuffer()
    const whole = await view(picture, 'whole')
    expect(hammingDistance(whole, await view(mirrored, 'flipy'))).toBeLessThanOrEqual(31)
    expect(hammingDistance(whole, await view(mirrored, 'whole'))).toBeGreaterThan(31)
  })

  it('hashes PDQ as stored and blockhash upright, whatever EXIF says', async () => {
    const raw = { raw: { width: 320, height: 240, channels: 3 as const } }
    const stored = sharp(scenePixels(8, { width: 320, height: 240 }).data, raw)
    const plain = await fingerprintMedia(await stored.clone().png().toBuffer(), limits)
    const upright = await stored.clone().rotate(90).png().toBuffer()
    const marked = await stored.clone().withMetadata({ orientation: 6 }).png().toBuffer()
    const found = await fingerprintMedia(marked, limits)
    expect(found.views).toEqual(plain.views)
    expect(found.blockhash).toBe((await fingerprintMedia(upright, limits)).blockhash)
    expect(found.blockhash).not.toBe(plain.blockhash)
  })

  it('keeps the blockhash near through a re-encoding and far from another scene', async () => {
    const picture = await sceneJpeg(9)
    const copy = await sharp(picture).webp({ quality: 60 }).toBuffer()
    const blocks = async (bytes: Uint8Array) =>
      parseHash256((await fingerprintMedia(bytes, limits)).blockhash ?? '')
    const own = await blocks(picture)
    expect(hammingDistance(own, await blocks(copy))).toBeLessThanOrEqual(16)
    expect(hammingDistance(own, await blocks(await sceneJpeg(10)))).toBeGreaterThan(60)
  })

  it('gives a blank picture quality 0', async () => {
    const { views } = await fingerprintMedia(await blank(300, 200), limits)
    expect(new Set(views.map(({ quality }) => quality))).toEqual(new Set([0]))
  })
})

describe('fingerprint of a film', () => {
  let film: Uint8Array
  beforeAll(async () => {
    film = await filmMp4(3, { seconds: 4, width: 320, height: 240 })
  })

  it('holds one whole view a sampled frame with its time, and the duration', async () => {
    const found = await fingerprintMedia(film, limits)
    expect(found).toMatchObject({ kind: 'film', width: 320, height: 240 })
    expect(found.durationSeconds).toBeCloseTo(4, 0)
    expect(found.views.length).toBeGreaterThanOrEqual(4)
    expect(new Set(found.views.map(({ name }) => name))).toEqual(new Set(['whole']))
    const times = found.views.map(({ seconds }) => seconds ?? Number.NaN)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times[0]).toBe(0)
    expect(found.blockhash).toBeUndefined()
  })

  it('finds the frames of a re-encoded film near those of the film', async () => {
    const original = await fingerprintMedia(film, limits)
    const copy = await fingerprintMedia(await reencodeFilm(film), limits)
    const near = copy.views.filter(({ pdq }) =>
      original.views.some(
        (other) => hammingDistance(parseHash256(pdq), parseHash256(other.pdq)) <= 31,
      ),
    )
    expect(near.length / copy.views.length).toBeGreaterThan(0.8)
  })

  it('has the digest of the coded pictures, and a look where one is sought', async () => {
    const looks = async (sought: readonly SoughtDigest[]) => [
      await scanMedia(film, limits, { sought }),
      (await sightMedia(film, limits, 'default', { sought })).fingerprint,
    ]
    const { track } = await fingerprintMedia(film, limits)
    expect(track).toMatch(/^[0-9a-f]{64}$/)
    for (const look of await looks(['md5', 'track'])) expect(look).toMatchObject({ track })
    for (const look of await looks(['md5'])) expect(look).not.toHaveProperty('track')
  })

  it('takes an animated picture for a film without a duration', async () => {
    const size = { width: 160, height: 120 }
    const pages = [11, 12, 13].map((seed) => Buffer.from(scenePixels(seed, size).data))
    const raw = { width: 160, height: 360, channels: 3 as const, pageHeight: 120 }
    const gif = await sharp(Buffer.concat(pages), { raw })
      .gif({ delay: [500, 250, 500] })
      .toBuffer()
    const found = await fingerprintMedia(gif, limits)
    expect(found).toMatchObject({ kind: 'film', ...size })
    expect(found.views.map(({ seconds }) => seconds)).toEqual([0, 0.5, 0.75])
    expect(new Set(found.views.map(({ pdq }) => pdq)).size).toBe(3)
    expect(found.durationSeconds).toBeUndefined()
  })
})

describe('what cannot be fingerprinted', () => {
  it('says so when there is nothing large enough to see', async () => {
    await expect(fingerprintMedia(await blank(4, 300), limits)).rejects.toMatchObject({
      code: 'MEDIA_UNHASHABLE',
    })
  })

  it('passes the errors of decoding on', async () => {
    const cutOff = (await sceneJpeg(14)).subarray(0, 4000)
    const refused: readonly [Uint8Array, string][] = [
      [new Uint8Array(), 'MEDIA_EMPTY'],
      [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'MEDIA_UNSUPPORTED'],
      [cutOff, 'MEDIA_CORRUPT'],
    ]
    for (const [bytes, code] of refused) {
      await expect(fingerprintMedia(bytes, limits)).rejects.toMatchObject({ code })
    }
  })
})

async function view(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  const { views } = await fingerprintMedia(bytes, limits)
  return parseHash256(views.find((candidate) => candidate.name === name)?.pdq ?? '')
}

function blank(width: number, height: number): Promise<Buffer> {
  const background = { r: 90, g: 120, b: 200 }
  return sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer()
}
