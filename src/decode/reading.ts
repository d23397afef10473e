import sharp, { type Metadata, type SharpOptions } from 'sharp'
import { HindraError } from '../errors.ts'
import type { Deadline } from './deadline.ts'

// A worker decodes one file at a time and never the same twice.
sharp.cache(false)
sharp.concurrency(1)

/**
 * How sharp reads. `error`: what is cut off or breaks a decoder fails; warnings (stray bytes
 * between markers, unknown metadata) do not, since browsers show such files and a harmless defect
 * must not hide a picture. ICC profiles are ignored, as the PDQ reference does.
 */
const READING: SharpOptions = {
  failOn: 'error',
  unlimited: false,
  sequentialRead: true,
  autoOrient: false,
  ignoreIcc: true,
}

/** Reads the header of one page alone, the first being 0. Throws MEDIA_CORRUPT and DECODE_TIMEOUT. */
export async function readHeader(
  bytes: Uint8Array,
  page: number,
  deadline: Deadline,
): Promise<Metadata> {
  // The pixel limit is ours, so that it can be named.
  const options = { ...READING, limitInputPixels: false, ...(page === 0 ? {} : { page }) }
  try {
    return await deadline.race(sharp(bytes, options).metadata())
  } catch (cause) {
    throw pictureError(cause, deadline)
  }
}

export interface Pixels {
  /** Interleaved 8-bit RGB. */
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
}

/**
 * Decodes to RGB: the bytes of a file, or a file by a name that libvips understands. The memory of
 * `data` is libvips' own, so it need not be copied, and cannot be moved to another thread. Throws
 * MEDIA_CORRUPT, MEDIA_LIMIT and DECODE_TIMEOUT.
 */
export async function readPixels(
  source: Uint8Array | string,
  options: SharpOptions,
  deadline: Deadline,
): Promise<Pixels> {
  const seconds = Math.min(3_600, Math.max(1, Math.ceil(deadline.remainingMs() / 1_000)))
  try {
    const work = sharp(source, { ...READING, ...options })
      .timeout({ seconds })
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true })
    const { data, info } = await deadline.race(work)
    const plain = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    return { data: plain, width: info.width, height: info.height }
  } catch (cause) {
    throw pictureError(cause, deadline)
  }
}

/** What sharp threw, as one of ours. Its text stays in `cause`: it may quote the file. */
function pictureError(cause: unknown, deadline: Deadline): HindraError {
  if (cause instanceof HindraError) return cause
  const text = cause instanceof Error ? cause.message : ''
  if (text.startsWith('timeout:')) return deadline.error()
  if (text.includes('exceeds pixel limit')) {
    return new HindraError('MEDIA_LIMIT', 'a page is over decode.pixelsMax', { cause })
  }
  return new HindraError('MEDIA_CORRUPT', 'the picture is damaged or cut off', { cause })
}
