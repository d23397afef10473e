import sharp, { type Sharp } from 'sharp'
import { SeededRandom } from '../../../src/core/index.ts'

/** What a transform may draw on. */
export interface Draw {
  readonly random: SeededRandom
  /** Another photograph, which is not registered. */
  readonly other: () => Buffer
}

/** Draws by the seed; no photograph stands beside itself. */
export function drawOf(others: readonly Buffer[], seed: number): Draw {
  const random = new SeededRandom(seed)
  const left = [...others]
  const other = () => {
    const [drawn] = left.splice(random.integer(0, left.length - 1), 1)
    if (drawn === undefined) throw new Error('there are too few other photographs')
    return drawn
  }
  return { random, other }
}

/** Makes one altered copy of an encoded picture. Same picture and draw, same copy. */
export type Transform = (picture: Buffer, draw: Draw) => Promise<Buffer>

export interface Size {
  readonly width: number
  readonly height: number
}

const JPEG_QUALITY = 85

export function jpeg(picture: Sharp, quality = JPEG_QUALITY): Promise<Buffer> {
  return picture.jpeg({ quality }).toBuffer()
}

/** The samples of a picture, red, green and blue by turns. */
export function samplesOf(picture: Buffer) {
  return sharp(picture)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
}

/** Each sample becomes what `change` makes of it and of the place of its pixel, from 0 to 255. */
export async function perSample(
  picture: Buffer,
  change: (value: number, x: number, y: number) => number,
): Promise<Buffer> {
  const { data, info } = await samplesOf(picture)
  const { width, height, channels } = info
  const changed = Uint8ClampedArray.from(data, (value, at) => {
    const pixel = Math.floor(at / channels)
    return change(value, pixel % width, Math.floor(pixel / width))
  })
  return jpeg(sharp(changed, { raw: { width, height, channels } }))
}

export async function sizeOf(picture: Buffer): Promise<Size> {
  const { width, height } = await sharp(picture).metadata()
  return { width, height }
}

/** Each side by its factor. */
export async function scaled(picture: Buffer, across: number, down = across): Promise<Buffer> {
  const { width, height } = await sizeOf(picture)
  return resized(picture, { width: width * across, height: height * down })
}

/** To these sides, whatever becomes of the aspect. */
export function resized(picture: Buffer, { width, height }: Size): Promise<Buffer> {
  const sides = { width: Math.max(8, Math.round(width)), height: Math.max(8, Math.round(height)) }
  return jpeg(sharp(picture).resize({ ...sides, fit: 'fill' }))
}

/** Fills these sides, cutting off what is over. */
export function covering(picture: Buffer, { width, height }: Size): Promise<Buffer> {
  const sides = { width: Math.round(width), height: Math.round(height) }
  return jpeg(sharp(picture).resize({ ...sides, fit: 'cover' }))
}

/** Inside these sides, whole. */
export function inside(picture: Buffer, { width, height }: Size): Promise<Buffer> {
  const sides = { width: Math.round(width), height: Math.round(height) }
  return jpeg(sharp(picture).resize({ ...sides, fit: 'inside' }))
}

/** An empty sheet. */
export function sheet(size: Size, background: string): Sharp {
  const { width, height } = size
  return sharp({
    create: { width: Math.round(width), height: Math.round(height), channels: 3, background },
  })
}

export interface Placed {
  readonly input: Buffer
  readonly left: number
  readonly top: number
}

/** Lays pictures on a sheet or a picture; what reaches beyond the edge is cut off by the caller. */
export function composed(ground: Sharp, layers: readonly Placed[]): Promise<Buffer> {
  const placed = layers.map(({ input, left, top }) => ({
    input,
    left: Math.round(left),
    top: Math.round(top),
  }))
  return jpeg(ground.composite(placed))
}

export function svg({ width, height }: Size, body: string): Buffer {
  const sides = `width="${Math.round(width)}" height="${Math.round(height)}"`
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${sides}>${body}</svg>`)
}

export function pick<T>(random: SeededRandom, choices: readonly [T, ...T[]]): T {
  return choices[random.integer(0, choices.length - 1)] ?? choices[0]
}

export function colour(random: SeededRandom): string {
  const channel = () => String(random.integer(0, 255))
  return `rgb(${channel()},${channel()},${channel()})`
}
