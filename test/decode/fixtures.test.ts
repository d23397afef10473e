import { beforeAll, describe, expect, it } from 'vitest'
import { type TransformName, filmMp4, sceneJpeg, transforms } from '../../fixtures/index.ts'
import { SeededRandom, hammingDistance } from '../../src/core/index.ts'
import { decodePicture, everyPage } from '../../src/decode/index.ts'
import { hasher, type PdqHash } from '../../src/fingerprint/index.ts'
import { decodeLimits } from './limits.ts'

const SEEDS = Array.from({ length: 24 }, (_, index) => index + 1)
const scenes: Buffer[] = []
const hashes: PdqHash[] = []

beforeAll(async () => {
  for (const seed of SEEDS) {
    const bytes = await sceneJpeg(seed)
    scenes.push(bytes)
    hashes.push(await hashOf(bytes))
  }
})

async function hashOf(bytes: Uint8Array): Promise<PdqHash> {
  const [still] = await everyPage(decodePicture(bytes, decodeLimits()))
  if (still === undefined) throw new Error('no page')
  return hasher().pdqHash(still.raster)
}

/** Distances of one kind of copy from its source, over some scenes. */
async function distances(name: TransformName): Promise<number[]> {
  const copies = scenes.slice(0, 4).map(async (bytes, index) => {
    const copy = await hashOf(await transforms[name](bytes, new SeededRandom(index)))
    return hammingDistance(copy.pdq, hashes[index]?.pdq ?? new Uint8Array())
  })
  return Promise.all(copies)
}

const FOUND = [
  ...['reencode', 'webp', 'avif', 'png', 'resize', 'enlarge', 'stretch', 'grey', 'brightness'],
  ...['contrast', 'saturation', 'blur', 'sharpen', 'watermark', 'logo', 'chain'],
] as TransformName[]
const OTHER_VIEW = ['mirror', 'quarterTurn', 'negative', 'crop', 'border'] as TransformName[]

describe('generated scenes', () => {
  it('are the same for the same seed', async () => {
    expect(await sceneJpeg(3)).toEqual(scenes[2])
    const short = { seconds: 1, fps: 4, width: 64, height: 48 }
    expect(await filmMp4(3, short)).toEqual(await filmMp4(3, short))
  })

  it('have the detail of photographs, and are as far apart as these', () => {
    expect(Math.min(...hashes.map(({ quality }) => quality))).toBeGreaterThanOrEqual(80)
    const pairs = hashes.flatMap((a, index) =>
      hashes.slice(0, index).map((b) => hammingDistance(a.pdq, b.pdq)),
    )
    expect(Math.min(...pairs)).toBeGreaterThan(80)
    expect(Math.max(...pairs)).toBeLessThan(176)
  })

  it('show the same at another size', async () => {
    const small = await hashOf(await sceneJpeg(1, { width: 400, height: 300 }))
    expect(hammingDistance(small.pdq, hashes[0]?.pdq ?? new Uint8Array())).toBeLessThan(32)
  })
})

describe('copies of scenes', () => {
  it.each(FOUND)('%s stays within the radius', async (name) => {
    expect(Math.max(...(await distances(name)))).toBeLessThanOrEqual(31)
  })

  it.each(OTHER_VIEW)('%s is out of reach of the whole view', async (name) => {
    expect(Math.min(...(await distances(name)))).toBeGreaterThan(31)
  })
})
