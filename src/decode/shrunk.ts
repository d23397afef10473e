import type { Metadata } from 'sharp'
import { nativeCore } from '../../native/binding.ts'
import { type ErrorCode, HindraError } from '../errors.ts'
import { type Deadline, startDeadline } from './deadline.ts'
import { identifyMedia } from './identify.ts'
import { untaggedJpegSize } from './jpeg-segments.ts'
import { requireBytes, requirePixels } from './limits.ts'
import { createMemoryFile } from './memory-file.ts'
import { type Pixels, readHeader, readPixels } from './reading.ts'
import { type DecodeLimits, type PixelMemory, type ShrunkRaster, UNLIMITED } from './decoded.ts'

/**
 * The shorter side keeps this many pixels: two for each of the 64 samples that PDQ takes of it. See
 * bench/README.md, case `shrink`, for what it costs in bits.
 */
export const SIDE_MIN = 128
const FACTORS = [8, 4, 2] as const
type Factor = (typeof FACTORS)[number]

type Header = Pick<Metadata, 'width' | 'height'> &
  Partial<Pick<Metadata, 'orientation' | 'pages' | 'hasAlpha'>>

/** How a decoder makes a picture smaller while it decodes. */
interface Shrinking {
  /** The most first. */
  readonly factors: readonly Factor[]
  /** What libvips is told behind the name of the file. */
  readonly option: (factor: Factor) => string
  /** What a decoder keeps of a pixel: of the whole picture, or the shrunk one where native/jpeg reads it. */
  readonly bytesAPixel: number
  /** Whether so many pixels are what becomes of a side of `full`. */
  readonly isSide: (pixels: number, full: number, factor: Factor) => boolean
}

/**
 * The inverse DCT of libjpeg gives the mean of each square of pixels at once, and what is left over at the right and
 * lower edge (less than `factor` pixels) is dropped. Of a progressive file all coefficients are kept.
 */
const JPEG: Shrinking = {
  factors: FACTORS,
  option: (factor) => `shrink=${factor}`,
  bytesAPixel: 6,
  isSide: (pixels, full, factor) => pixels === Math.floor(full / factor),
}
/**
 * libwebp gives the means of what it has decoded, row by row, and colour of these alone. The whole picture fills the
 * smaller one, whose sides are rounded: at an eighth that is as far off as a JPEG's, and saves nothing more.
 */
const WEBP: Shrinking = {
  factors: [4, 2],
  option: (factor) => `scale=${1 / factor}`,
  bytesAPixel: 4,
  isSide: (pixels, full, factor) => Math.abs(pixels * factor - full) < factor,
}

/**
 * Decodes a JPEG at an eighth, a quarter or half of its sides, or a WebP at a quarter or half: the decoder gives the
 * mean of each square of pixels, and nothing is resampled afterwards. Undefined where the file is none of them, moves,
 * has an alpha channel, is too small for it, or cannot be read this way: `decodePicture` then gives its pixels or says
 * what is wrong with it.
 *
 * sharp shrinks on load only on its way to a smaller size, and never by the whole factor (its
 * `pipeline.cc` halves the factor "for known libjpeg rounding errors"). libvips takes the factor as
 * an option behind a file name, so the bytes become a file in memory.
 *
 * @param longerSideMin Pixels that the longer side must keep.
 * @param memory Holds what the decoder keeps of the whole picture.
 *
 * Throws MEDIA_EMPTY, MEDIA_UNSUPPORTED, MEDIA_LIMIT, TOO_LARGE and DECODE_TIMEOUT.
 */
export async function decodeShrunk(
  bytes: Uint8Array,
  limits: DecodeLimits,
  longerSideMin = 0,
  memory: PixelMemory = UNLIMITED,
): Promise<ShrunkRaster | undefined> {
  requireBytes(bytes, limits)
  const { format } = identifyMedia(bytes)
  if (format !== 'jpeg' && format !== 'webp') return undefined
  const shrinking = format === 'jpeg' ? JPEG : WEBP
  const deadline = startDeadline(limits.secondsMax)
  try {
    // Opening a file by sharp for its header alone takes 0.5 ms, a twentieth of the whole.
    const header: Header = untaggedJpegSize(bytes) ?? (await readHeader(bytes, 0, deadline))
    const { width, height, orientation = 1, pages = 1, hasAlpha = false } = header
    requirePixels(width, height, limits)
    const factor = shrinkFactor(width, height, longerSideMin, shrinking.factors)
    // A mean of pixels under alpha is weighted by it, and what lies under transparent ones counts in full.
    if (factor === undefined || pages > 1 || hasAlpha) return undefined
    const hold = (kept: number) => {
      memory.hold(kept * shrinking.bytesAPixel, deadline.remainingMs() / 2)
    }
    const readBySharp = () => {
      hold(width * height)
      return readShrunk(bytes, shrinking.option(factor), deadline)
    }
    const readByCore = () => {
      hold((width * height) / factor ** 2)
      return readByNative(bytes, factor, limits)
    }
    const pixels = (format === 'jpeg' ? readByCore() : undefined) ?? (await readBySharp())
    const isAsAsked =
      shrinking.isSide(pixels.width, width, factor) &&
      shrinking.isSide(pixels.height, height, factor)
    if (!isAsAsked) return undefined
    const raster = { ...pixels, channels: 3, orientation, factor } as const
    if (format === 'jpeg') return { ...raster, fullWidth: width, fullHeight: height }
    // The windows of PDQ go by the whole picture's sides, which a shrunk side may have been rounded up from.
    const [fullWidth, fullHeight] = [
      Math.max(width, pixels.width * factor),
      Math.max(height, pixels.height * factor),
    ]
    const isStretched = pixels.width * factor !== width || pixels.height * factor !== height
    return {
      ...raster,
      fullWidth,
      fullHeight,
      ...(isStretched ? { isStretched: true as const } : {}),
    }
  } catch (error) {
    if (isLeftToFullDecode(error)) return undefined
    throw error
  }
}

/** How much a picture is shrunk to be hashed; undefined where it is too small for it. */
export function shrinkFactor(
  width: number,
  height: number,
  longerSideMin = 0,
  factors: readonly Factor[] = FACTORS,
): Factor | undefined {
  return factors.find(
    (each) =>
      Math.min(width, height) >= SIDE_MIN * each && Math.max(width, height) >= longerSideMin * each,
  )
}

/**
 * The very pixels that sharp gives, in half the time. Undefined where the file has anything that native/jpeg does not read
 * or that is damaged, and where there is no native core.
 */
function readByNative(
  bytes: Uint8Array,
  factor: Factor,
  { pixelsMax }: DecodeLimits,
): Pixels | undefined {
  const found = nativeCore()?.shrunkPixels(bytes, factor, pixelsMax)
  if (found === undefined || typeof found === 'string') return undefined
  const { data, fullWidth, fullHeight } = found
  return { data, width: Math.floor(fullWidth / factor), height: Math.floor(fullHeight / factor) }
}

async function readShrunk(bytes: Uint8Array, option: string, deadline: Deadline): Promise<Pixels> {
  const file = createMemoryFile(bytes)
  try {
    const name = `/proc/self/fd/${file.fd}[${option}]`
    return await readPixels(name, {}, deadline)
  } finally {
    file.close()
  }
}

const LEFT: readonly ErrorCode[] = ['MEDIA_CORRUPT', 'SHM_UNAVAILABLE', 'TOO_MANY_FILES']

/** The whole picture is the judge of what is damaged; without memory files it is all there is. */
function isLeftToFullDecode(error: unknown): boolean {
  return error instanceof HindraError && LEFT.includes(error.code)
}
