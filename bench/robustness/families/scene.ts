import sharp from 'sharp'
import { composed, type Draw, type Size } from '../transforms/transform.ts'
import { FAST, type FillingName, fillings } from './filling.ts'
import { maskOf, type Outline } from './outline.ts'

/** What somebody stands before. */
export interface Scene {
  readonly ground: Buffer
  readonly size: Size
}

const TRIES = 12
/** Grey levels by which a channel differs in the mean where a person is, or is another one. */
const DIFFERENT = 16

/** The ground with the silhouette filled so that it plainly differs there from another picture. */
export async function withSubject(
  { ground, size }: Scene,
  draw: Draw,
  outline: Outline,
  filling: FillingName,
  other: Buffer,
): Promise<Buffer> {
  const mask = await maskOf(outline, size, softness(draw, size))
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const filled = await fillings[filling](draw, outline, size)
    const input = await cutOut(filled, mask, size)
    const picture = await composed(sharp(ground), [{ input, left: 0, top: 0 }])
    if ((await difference(picture, other, mask)) >= DIFFERENT) return picture
  }
  throw new Error('nothing differs enough from what is there')
}

/** What is seen of a picture through a mask of its size. */
export function cutOut(picture: Buffer, mask: Buffer, { width, height }: Size): Promise<Buffer> {
  const raw = { width, height, channels: 1 } as const
  return sharp(picture).joinChannel(mask, { raw }).png(FAST).toBuffer()
}

/** By how many pixels the edge of a cut-out fades. */
export function softness({ random }: Pick<Draw, 'random'>, { width, height }: Size): number {
  return random.between(0.001, 0.005) * Math.max(width, height)
}

/** How much the channels differ in the mean, where the mask is. */
async function difference(a: Buffer, b: Buffer, mask: Buffer): Promise<number> {
  const [first, second] = await Promise.all(
    [a, b].map((picture) => sharp(picture).toColourspace('srgb').removeAlpha().raw().toBuffer()),
  )
  let sum = 0
  let samples = 0
  for (let pixel = 0; pixel < mask.length; pixel += 1) {
    if ((mask[pixel] ?? 0) < 128) continue
    for (let sample = pixel * 3; sample < pixel * 3 + 3; sample += 1) {
      sum += Math.abs((first?.[sample] ?? 0) - (second?.[sample] ?? 0))
    }
    samples += 3
  }
  return sum / samples
}
