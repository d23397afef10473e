import sharp from 'sharp'
import { sceneJpeg } from '../../fixtures/index.ts'

const SIZE = { width: 1600, height: 1200 } as const
const QUALITY = 85
const BYTES = 500_000
/** Standard deviation of the grain, which is what fills the bytes of a photograph. */
const GRAIN = [4, 6, 8, 10, 12, 14, 17, 20, 24, 28, 34, 40]

/** Generated JPEGs of 1.92 megapixels and about 500 KB: a scene with the grain of a camera. */
export function grainyPictures(seed: number, count: number): Promise<readonly Buffer[]> {
  return Promise.all(Array.from({ length: count }, (_, place) => grainy(seed * 1000 + place)))
}

async function grainy(seed: number): Promise<Buffer> {
  const scene = await sceneJpeg(seed, SIZE)
  // More grain is more bytes, and the least that is enough is found by halves: each try takes a third of a second.
  let [from, to] = [0, GRAIN.length - 1]
  let enough: Buffer | undefined
  while (from < to) {
    const middle = (from + to) >> 1
    const jpeg = await withGrain(scene, GRAIN[middle] ?? 0)
    if (jpeg.length < BYTES) from = middle + 1
    else [to, enough] = [middle, jpeg]
  }
  return enough ?? withGrain(scene, GRAIN[to] ?? 0)
}

async function withGrain(scene: Buffer, sigma: number): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma } as const
  const grain = await sharp({ create: { ...SIZE, channels: 3, background: 'grey', noise } })
    .raw()
    .toBuffer()
  return sharp(scene)
    .composite([{ input: grain, raw: { ...SIZE, channels: 3 }, blend: 'overlay' }])
    .jpeg({ quality: QUALITY })
    .toBuffer()
}
