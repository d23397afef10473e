import sharp, { type Metadata, type SharpOptions } from 'sharp'
import { HindraError } from '../errors.ts'
import { type Deadline, startDeadline } from './deadline.ts'
import { isWholeGif } from './gif-blocks.ts'
import { identifyMedia } from './identify.ts'
import { requireBytes, requirePixels } from './limits.ts'
import { choosePages, groupPages } from './pages.ts'
import { pictureError } from './picture-error.ts'
import { pictureFormats } from './picture-formats.ts'
import type { DecodeLimits, Keyframe, PictureFormat } from './types.ts'

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

/**
 * Decodes a picture at full resolution. A still gives one keyframe at 0 seconds; an animation or a
 * document of several pages gives up to `pagesMax` of them, spread evenly, each with its time (a
 * document: its page number). Alpha is dropped, not blended: what lies under transparent pixels is
 * what the PDQ reference hashes. Grey becomes RGB, CMYK is converted as sharp does, 16 bits become
 * 8. `data` can be transferred to another thread, save for the pages of an animation, which share
 * one buffer.
 *
 * Throws MEDIA_EMPTY, MEDIA_UNSUPPORTED, MEDIA_CORRUPT (also when cut off), MEDIA_LIMIT, TOO_LARGE
 * and DECODE_TIMEOUT.
 */
export async function decodePicture(
  bytes: Uint8Array,
  limits: DecodeLimits,
): Promise<readonly Keyframe[]> {
  requireBytes(bytes, limits)
  const format = requirePictureFormat(bytes)
  if (format === 'gif' && !isWholeGif(bytes)) {
    throw new HindraError('MEDIA_CORRUPT', 'the picture is cut off')
  }
  const deadline = startDeadline(limits.secondsMax)
  const { width, height, pages, pageSeconds, orientation } = await readHeader(bytes, deadline)
  requirePixels(width, height, limits)

  const keyframes: Keyframe[] = []
  const chosen = choosePages(pages, limits.pagesMax)
  // Pages of a document may differ in size, so that each is read alone.
  const isDocument = format === 'tiff'
  for (const group of groupPages(chosen, isDocument ? Infinity : width * height)) {
    const [first = 0] = group
    const count = (group.at(-1) ?? first) - first + 1
    const strip = await readStrip(bytes, first, count, limits, deadline)
    const pageHeight = strip.height / count
    const pageBytes = strip.width * pageHeight * 3
    for (const page of group) {
      const start = (page - first) * pageBytes
      const data = strip.data.subarray(start, start + pageBytes)
      const size = { width: strip.width, height: pageHeight }
      const raster = { data, ...size, channels: 3, orientation } as const
      keyframes.push({ raster, seconds: pageSeconds[page] ?? page })
    }
  }
  return keyframes
}

function requirePictureFormat(bytes: Uint8Array): PictureFormat {
  const media = identifyMedia(bytes)
  if (media.kind !== 'image') {
    throw new HindraError('MEDIA_UNSUPPORTED', `${media.format} is no picture but a film`)
  }
  if (pictureFormats().includes(media.format)) return media.format
  throw new HindraError('MEDIA_UNSUPPORTED', `this build of sharp cannot read ${media.format}`)
}

async function readHeader(bytes: Uint8Array, deadline: Deadline) {
  // Only the header is read here: the pixel limit is ours, so that it can be named.
  const metadata = await attempt(sharp(bytes, { ...READING, limitInputPixels: false }).metadata())
  const { width, height, pages = 1, orientation = 1 } = metadata
  return { width, height, pages, pageSeconds: pageTimes(metadata), orientation }

  async function attempt(work: Promise<Metadata>): Promise<Metadata> {
    return deadline.race(work).catch((cause: unknown) => {
      throw pictureError(cause, deadline)
    })
  }
}

/** Start of each page of an animation. Browsers take 100 ms where a file says less than 20. */
function pageTimes({ delay = [] }: Metadata): readonly number[] {
  let elapsedMs = 0
  return delay.map((delayMs) => {
    const start = elapsedMs / 1_000
    elapsedMs += delayMs < 20 ? 100 : delayMs
    return start
  })
}

/** Reads `count` pages from `first` on, one below the other. */
async function readStrip(
  bytes: Uint8Array,
  first: number,
  count: number,
  limits: DecodeLimits,
  deadline: Deadline,
): Promise<{ data: Uint8Array; width: number; height: number }> {
  const paging = count > 1 || first > 0 ? { page: first, pages: count } : {}
  const options = { ...READING, ...paging, limitInputPixels: limits.pixelsMax * count }
  const seconds = Math.min(3_600, Math.max(1, Math.ceil(deadline.remainingMs() / 1_000)))
  try {
    const work = sharp(bytes, options)
      .timeout({ seconds })
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toUint8Array()
    const { data, info } = await deadline.race(work)
    const plain = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    return { data: plain, width: info.width, height: info.height }
  } catch (cause) {
    throw pictureError(cause, deadline)
  }
}
