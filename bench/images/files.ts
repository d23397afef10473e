import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { sceneJpeg } from '../../fixtures/index.ts'
import { SeededRandom } from '../../src/core/index.ts'

const SCENES = 12
const SCENE_SIZE = { width: 1600, height: 1200 } as const
const PIXELS = 2_000_000
const PHOTOGRAPH_QUALITY = 85

/** Generated JPEGs of 1.92 megapixels. */
export function sceneFiles(seed: number): Promise<readonly Uint8Array[]> {
  const seeds = Array.from({ length: SCENES }, (_, index) => seed * 1000 + index)
  return Promise.all(seeds.map((each) => sceneJpeg(each, SCENE_SIZE)))
}

/** `count` pictures under the folder, drawn by the seed. */
export function photographs(folder: unknown, count: number, seed: number): readonly Uint8Array[] {
  if (typeof folder !== 'string') throw new Error('this case needs --photos DIR')
  const random = new SeededRandom(seed)
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(jpe?g|png|webp|avif)$/i.test(name))
    .sort()
  if (names.length === 0) throw new Error(`there are no pictures in ${folder}`)
  while (names.length > count) names.splice(random.integer(0, names.length - 1), 1)
  return names.map((name) => readFileSync(join(folder, name)))
}

/** A picture brought to 2 megapixels by Lanczos' filter, as a JPEG of quality 85 and 4:2:0. */
export async function atTwoMegapixels(bytes: Uint8Array): Promise<Buffer> {
  const { width, height } = await sharp(bytes).metadata()
  const scale = Math.sqrt(PIXELS / (width * height))
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) }
  return sharp(bytes)
    .resize({ ...size, fit: 'fill' })
    .jpeg({ quality: PHOTOGRAPH_QUALITY })
    .toBuffer()
}
