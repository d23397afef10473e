import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { sceneJpeg } from '../../fixtures/index.ts'
import { SeededRandom } from '../../src/core/index.ts'

const SCENES = 12
const SCENE_SIZE = { width: 1600, height: 1200 } as const
const PIXELS = 2_000_000
export const PHOTOGRAPH_QUALITY = 85
/** How far the grain of a noisy picture goes, from the darkest to the brightest: 2 MP are 0.5 MB then. */
const GRAIN_LEVELS = 25

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
export async function atTwoMegapixels(
  bytes: Uint8Array,
  form: { readonly progressive?: boolean } = {},
): Promise<Buffer> {
  return resizedTo(bytes, await twoMegapixelsOf(bytes))
    .jpeg({ quality: PHOTOGRAPH_QUALITY, ...form })
    .toBuffer()
}

/** The same with grain, as a camera adds it in little light: twice the bytes or more, which are all entropy code. */
export async function atTwoMegapixelsWithGrain(
  bytes: Uint8Array,
  seed: number,
  form: { readonly progressive?: boolean } = {},
): Promise<Buffer> {
  const { data, info } = await resizedTo(bytes, await twoMegapixelsOf(bytes))
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const grain = new SeededRandom(seed).bytes(info.width * info.height)
  for (let at = 0; at < data.length; at += 1) {
    const level =
      (data[at] ?? 0) + ((grain[Math.floor(at / 3)] ?? 0) % GRAIN_LEVELS) - (GRAIN_LEVELS >> 1)
    data[at] = Math.min(255, Math.max(0, level))
  }
  const { width, height } = info
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: PHOTOGRAPH_QUALITY, ...form })
    .toBuffer()
}

/** The same pictures as others than JPEGs, each as its encoder makes it by itself. */
export async function inFormats(
  pictures: readonly Uint8Array[],
): Promise<Readonly<Record<string, readonly Uint8Array[]>>> {
  const made: Record<string, readonly Uint8Array[]> = {}
  for (const format of ['webp', 'png', 'gif', 'avif'] as const) {
    made[format] = await Promise.all(
      pictures.map((bytes) => sharp(bytes).toFormat(format).toBuffer()),
    )
  }
  return made
}

/** The picture at another size, resampled by Lanczos' filter. */
export function resizedTo(
  bytes: Uint8Array,
  size: { readonly width: number; readonly height: number },
): Sharp {
  return sharp(bytes).resize({ ...size, fit: 'fill' })
}

export async function twoMegapixelsOf(bytes: Uint8Array) {
  const { width, height } = await sharp(bytes).metadata()
  const scale = Math.sqrt(PIXELS / (width * height))
  return { width: Math.round(width * scale), height: Math.round(height * scale) }
}
