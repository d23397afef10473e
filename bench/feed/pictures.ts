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
  let jpeg: Buffer = scene
  for (const sigma of GRAIN) {
    const noise = { type: 'gaussian', mean: 128, sigma } as const
    const grain = await sharp({ create: { ...SIZE, channels: 3, background: 'grey', noise } })
      .png()
      .toBuffer()
    jpeg = await sharp(scene)
      .composite([{ input: grain, blend: 'overlay' }])
      .jpeg({ quality: QUALITY })
      .toBuffer()
    if (jpeg.length >= BYTES) return jpeg
  }
  return jpeg
}
