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
/** What libjpeg scales by in its inverse DCT without leaving fast code. */
const FACTORS = [8, 4, 2] as const
/** What a pixel takes in a progressive file: three samples of two bytes. */
const COEFFICIENT_BYTES = 6

/**
 * Decodes a JPEG at an eighth, a quarter or half of its sides: the inverse DCT gives the mean of
 * each square of pixels at once, and nothing is resampled afterwards. What is left over at the right
 * and lower edge (less than `factor` pixels) is dropped. Undefined where the file is no JPEG, is too
 * small for it, or cannot be read this way: `decodePicture` then gives its pixels or says what is
 * wrong with it.
 *
 * sharp shrinks on load only on its way to a smaller size, and never by the whole factor (its
 * `pipeline.cc` halves the factor "for known libjpeg rounding errors"). libvips takes the factor as
 * an option behind a file name, so the bytes become a file in memory.
 *
 * @param longerSideMin Pixels that the longer side must keep.
 * @param memory Holds what libjpeg keeps of a progressive file, which is all of it.
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
  if (identifyMedia(bytes).format !== 'jpeg') return undefined
  const deadline = startDeadline(limits.secondsMax)
  try {
    // Opening a file by sharp for its header alone takes 0.5 ms, a twentieth of the whole.
    const header = untaggedJpegSize(bytes) ?? (await readHeader(bytes, 0, deadline))
    const { width, height, orientation = 1 } = header
    requirePixels(width, height, limits)
    const factor = shrinkFactor(width, height, longerSideMin)
    if (factor === undefined) return undefined
    memory.hold(width * height * COEFFICIENT_BYTES, deadline.remainingMs() / 2)
    const pixels = await readShrunk(bytes, factor, deadline)
    const isAsAsked =
      pixels.width === Math.floor(width / factor) && pixels.height === Math.floor(height / factor)
    if (!isAsAsked) return undefined
    return { ...pixels, channels: 3, orientation, factor, fullWidth: width, fullHeight: height }
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
): (typeof FACTORS)[number] | undefined {
  return FACTORS.find(
    (each) =>
      Math.min(width, height) >= SIDE_MIN * each && Math.max(width, height) >= longerSideMin * each,
  )
}

async function readShrunk(bytes: Uint8Array, factor: number, deadline: Deadline): Promise<Pixels> {
  const file = createMemoryFile(bytes)
  try {
    const name = `/proc/self/fd/${file.fd}[shrink=${factor}]`
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
