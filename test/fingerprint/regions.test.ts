import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { scribble } from '../../fixtures/scribble.ts'
import { configWith } from '../../src/config.ts'
import { hammingDistance, parseHash256, SeededRandom } from '../../src/core/index.ts'
import {
  fingerprintMedia,
  REGION_NAMES,
  type RegionName,
  scanMedia,
  type View,
} from '../../src/fingerprint/index.ts'

const { decode: limits } = configWith({})
const WIDTH = 1200
const HEIGHT = 800
const RADIUS = 31

describe('views of what a frame holds', () => {
  const original = sceneJpeg(51, { width: WIDTH, height: HEIGHT })

  it.each(['black', 'white', '#3a6ea5'])('trims a %s border to the picture', async (background) => {
    const edges = { top: 90, bottom: 40, left: 130, right: 70 }
    const framed = await framedBy({ ...edges, background })
    const trimmed = await viewOf(framed, 'trimmed')
    expect(near(trimmed.region?.x, 130) && near(trimmed.region?.y, 90)).toBe(true)
    expect(near(trimmed.region?.width, WIDTH) && near(trimmed.region?.height, HEIGHT)).toBe(true)
    expect(await distanceTo(trimmed)).toBeLessThanOrEqual(RADIUS)
  })

  it('trims bars of two colours', async () => {
    const above = await framedBy({ top: 150, background: 'black' })
    const both = await sharp(above).extend({ bottom: 80, background: 'white' }).jpeg().toBuffer()
    expect(await distanceTo(await viewOf(both, 'trimmed'))).toBeLessThanOrEqual(RADIUS)
  })

  it('finds the picture under a bar with writing, which is no plain border', async () => {
    const barred = await framedBy({ top: 180, background: 'white' })
    const look = { ink: '#111', ground: '#fff', opacity: 1 }
    const input = Buffer.from(scribble(new SeededRandom(3), WIDTH, 170, look))
    const meme = await sharp(barred)
      .composite([{ input, top: 5, left: 0 }])
      .jpeg({ quality: 85 })
      .toBuffer()
    const box = await viewOf(meme, 'content-box')
    expect(near(box.region?.y, 180)).toBe(true)
    expect(await distanceTo(box)).toBeLessThanOrEqual(RADIUS)
  })

  it('says the same of a scan, a few bits and pixels off', async () => {
    const framed = await framedBy({
      top: 90,
      bottom: 40,
      left: 130,
      right: 70,
      background: 'black',
    })
    const full = await viewOf(framed, 'trimmed')
    const { hasher, views } = await scanMedia(framed, limits)
    const scanned = views.find(({ name }) => name === 'trimmed')
    expect(hasher).toBe('pdq-shrunk')
    expect(distance(scanned?.pdq ?? '', full.pdq)).toBeLessThanOrEqual(16)
    expect(near(scanned?.region?.width, full.region?.width ?? 0)).toBe(true)
  })

  it('leaves a picture without a frame alone, and a frame without a picture', async () => {
    const plain = await sharp({
      create: { width: 300, height: 200, channels: 3, background: 'red' },
    })
      .png()
      .toBuffer()
    for (const picture of [await original, plain]) {
      const { views } = await fingerprintMedia(picture, limits)
      expect(views.filter(({ name }) => isRegion(name))).toEqual([])
    }
  })

  async function framedBy(frame: Parameters<ReturnType<typeof sharp>['extend']>[0]) {
    return sharp(await original)
      .extend(frame)
      .jpeg({ quality: 85 })
      .toBuffer()
  }

  async function distanceTo({ pdq }: View): Promise<number> {
    const [whole] = (await fingerprintMedia(await original, limits)).views
    return distance(pdq, whole?.pdq ?? '')
  }
})

async function viewOf(picture: Uint8Array, wanted: RegionName): Promise<View> {
  const { views } = await fingerprintMedia(picture, limits)
  const found = views.find(({ name }) => name === wanted)
  if (found === undefined) throw new Error(`no ${wanted}`)
  return found
}

function distance(a: string, b: string): number {
  return hammingDistance(parseHash256(a), parseHash256(b))
}

function isRegion(name: string): boolean {
  return (REGION_NAMES as readonly string[]).includes(name)
}

/** A shrunk picture knows an edge to 8 pixels. */
function near(value: number | undefined, expected: number): boolean {
  return Math.abs((value ?? Number.NaN) - expected) <= 16
}
