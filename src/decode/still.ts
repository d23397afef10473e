import sharp from 'sharp'
import { HindraError } from '../errors.ts'
import { type DecodeLimits, type PixelMemory, type Raster, UNLIMITED } from './decoded.ts'
import { decodeFilm } from './film.ts'
import { identifyMedia } from './identify.ts'
import { decodePicture } from './picture.ts'
import { decodeUpright } from './upright.ts'

/** Frames of a film, or pages of an animation, that stand side by side. */
export const STILL_FRAMES_MAX = 4

/** How much of a file a person is shown. */
export interface StillSize {
  /** Pixels of the longer side of each frame, 1 to 2,048; smaller pictures are not enlarged. */
  readonly sideMax: number
  readonly isGrey: boolean
}

/** Bare pixels to be shown: of a still picture all of it, of a film up to four frames side by side. Upright, 8 bits a sample. */
export interface Still {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
  /** 1 where it is grey, else 3. */
  readonly channels: 1 | 3
  readonly frames: number
}

/**
 * Decodes a file to what a person is shown of it: small, and grey where asked for. Throws what `decodePicture` and
 * `decodeFilm` throw.
 */
export async function decodeStill(
  bytes: Uint8Array,
  limits: DecodeLimits,
  size: StillSize,
  memory: PixelMemory = UNLIMITED,
): Promise<Still> {
  const frames: Still[] = []
  for await (const raster of chosenFrames(bytes, limits, memory)) {
    frames.push(await shrunkTo(decodeUpright(raster), size))
  }
  const [first] = frames
  if (first === undefined) throw new HindraError('MEDIA_CORRUPT', 'no frame could be decoded')
  return frames.length === 1 ? first : sideBySide(frames, first.channels)
}

/** Writes bare pixels as a PNG, which then holds nothing that came from a file but they. */
export async function encodeStill({ data, width, height, channels }: Still): Promise<Uint8Array> {
  const raw = { width, height, channels }
  const picture = sharp(data, { raw }).toColourspace(channels === 1 ? 'b-w' : 'srgb')
  const png = await picture.png().toBuffer()
  return new Uint8Array(png.buffer, png.byteOffset, png.byteLength)
}

/** Spread evenly over what moves; the one that there is, of what does not. */
async function* chosenFrames(
  bytes: Uint8Array,
  limits: DecodeLimits,
  memory: PixelMemory,
): AsyncGenerator<Raster, void, undefined> {
  if (identifyMedia(bytes).kind !== 'film') {
    const { pages, keyframes } = await decodePicture(bytes, limits, memory)
    yield* evenly(keyframes, (_frame, index) => index / pages)
    return
  }
  const { durationSeconds, keyframes } = await decodeFilm(bytes, limits, memory)
  yield* evenly(keyframes, ({ seconds }) => (durationSeconds > 0 ? seconds / durationSeconds : 1))
}

/** @param howFar How far into the whole a frame stands, 0 to 1 */
async function* evenly<Frame extends { readonly raster: Raster }>(
  frames: AsyncIterable<Frame>,
  howFar: (frame: Frame, index: number) => number,
): AsyncGenerator<Raster, void, undefined> {
  let index = 0
  let chosen = 0
  for await (const frame of frames) {
    if (howFar(frame, index) >= chosen / STILL_FRAMES_MAX) {
      chosen += 1
      yield frame.raster
    }
    // Leaving early ends the decoder.
    if (chosen === STILL_FRAMES_MAX) return
    index += 1
  }
}

async function shrunkTo(raster: Raster, { sideMax, isGrey }: StillSize): Promise<Still> {
  const { data, width, height, channels } = raster
  const whole = sharp(data, { raw: { width, height, channels } })
  const small = whole.resize({
    width: sideMax,
    height: sideMax,
    fit: 'inside',
    withoutEnlargement: true,
  })
  const pixels = await (isGrey ? small.greyscale().toColourspace('b-w') : small)
    .raw()
    .toBuffer({ resolveWithObject: true })
  return {
    data: new Uint8Array(pixels.data),
    width: pixels.info.width,
    height: pixels.info.height,
    channels: isGrey ? 1 : 3,
    frames: 1,
  }
}

/** From left to right, at the top; what is lower is black below. */
function sideBySide(frames: readonly Still[], channels: 1 | 3): Still {
  const width = frames.reduce((sum, frame) => sum + frame.width, 0)
  const height = Math.max(...frames.map((frame) => frame.height))
  const data = new Uint8Array(width * height * channels)
  let left = 0
  for (const frame of frames) {
    const row = frame.width * channels
    for (let y = 0; y < frame.height; y += 1) {
      data.set(frame.data.subarray(y * row, (y + 1) * row), (y * width + left) * channels)
    }
    left += frame.width
  }
  return { data, width, height, channels, frames: frames.length }
}
