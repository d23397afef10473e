import { readdirSync } from 'node:fs'
import sharp from 'sharp'
import { configWith } from '../../src/config.ts'
import { decodeFilm, type Keyframe } from '../../src/decode/index.ts'
import { jpeg } from './transforms/transform.ts'

const QUALITY = 90
const { decode: limits } = configWith({})

export interface Frame {
  readonly picture: Buffer
  readonly seconds: number
}

/** Names of all films in the folder. */
export function filmNames(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /\.(mkv|mp4|webm)$/.test(name))
    .sort()
}

/** The frames that Hindra looks at, as pictures. */
export async function framesOf(film: Uint8Array): Promise<readonly Frame[]> {
  const { keyframes } = await decodeFilm(film, limits)
  const frames: Frame[] = []
  for await (const keyframe of keyframes) frames.push(await frameOf(keyframe))
  return frames
}

/** The first of them; the rest is not decoded. */
export async function firstFrame(film: Uint8Array): Promise<Frame> {
  const { keyframes } = await decodeFilm(film, limits)
  for await (const keyframe of keyframes) return frameOf(keyframe)
  throw new Error('a film without frames')
}

async function frameOf({ raster, seconds }: Keyframe): Promise<Frame> {
  const { data, width, height } = raster
  const picture = await jpeg(sharp(data, { raw: { width, height, channels: 3 } }), QUALITY)
  return { picture, seconds }
}
