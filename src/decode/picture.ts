import type { Metadata } from 'sharp'
import { HindraError } from '../errors.ts'
import { type Deadline, startDeadline } from './deadline.ts'
import { isWholeGif } from './gif-blocks.ts'
import { identifyMedia } from './identify.ts'
import { requireBytes, requireFilePixels, requirePixels } from './limits.ts'
import { choosePages, groupPages } from './pages.ts'
import { pictureFormats } from './picture-formats.ts'
import { readHeader, readPixels } from './reading.ts'
import {
  type DecodeLimits,
  type Keyframe,
  type Picture,
  type PictureFormat,
  type PixelMemory,
  UNLIMITED,
} from './decoded.ts'

/** Bytes a pixel that decoders keep besides the raster: of progressive and interlaced files all of it. */
const DECODER_BYTES = 8
const RASTER_BYTES = 3
/** The bytes of one sample, by libvips' names; every other takes one byte. */
const SAMPLE_BYTES: Readonly<Record<string, number>> = {
  short: 2,
  ushort: 2,
  int: 4,
  uint: 4,
  float: 4,
  double: 8,
  complex: 8,
  dpcomplex: 16,
}

/**
 * Decodes a picture at full resolution. A still gives one keyframe at 0 seconds; an animation or a
 * document of several pages gives up to `pagesMax` of them, spread evenly, each with its time (a
 * document: its page number). Pages are decoded as they are asked for, so that one large page, or a few
 * small ones, are in memory at a time, held in `memory` until the next or the end of the work. Alpha is
 * dropped, not blended: what lies under transparent pixels is what the PDQ reference hashes. Grey
 * becomes RGB, CMYK is converted as sharp does, 16 bits become 8. The memory of `data` cannot be moved
 * to another thread.
 *
 * Throws MEDIA_EMPTY, MEDIA_UNSUPPORTED, MEDIA_CORRUPT (also when cut off), MEDIA_LIMIT, TOO_LARGE
 * and DECODE_TIMEOUT, also while iterating, and what `memory` throws.
 */
export async function decodePicture(
  bytes: Uint8Array,
  limits: DecodeLimits,
  memory: PixelMemory = UNLIMITED,
): Promise<Picture> {
  requireBytes(bytes, limits)
  const format = requirePictureFormat(bytes)
  if (format === 'gif' && !isWholeGif(bytes)) {
    throw new HindraError('MEDIA_CORRUPT', 'the picture is cut off')
  }
  const deadline = startDeadline(limits.secondsMax)
  const header = await readHeader(bytes, 0, deadline)
  requirePixels(header.width, header.height, limits)
  const pages = choosePages(header.pages ?? 1, limits.pagesMax)
  // Pages of a document may differ in size: each is read alone, and its own header counts.
  if (format !== 'tiff') requireFilePixels(header.width * header.height * pages.length, limits)
  const isDocument = format === 'tiff' && pages.length > 1
  const keyframes = decodePages({ bytes, limits, memory, deadline, header, pages, isDocument })
  return { pages: pages.length, keyframes }
}

/** A picture whose header was read. */
interface Opened {
  readonly bytes: Uint8Array
  readonly limits: DecodeLimits
  readonly memory: PixelMemory
  readonly deadline: Deadline
  readonly header: Metadata
  readonly pages: readonly number[]
  readonly isDocument: boolean
}

async function* decodePages(opened: Opened): AsyncGenerator<Keyframe, void, undefined> {
  const { bytes, limits, memory, deadline, header, pages, isDocument } = opened
  const { orientation = 1 } = header
  const pageSeconds = pageTimes(header)
  let spent = 0
  for (const group of groupPages(pages, isDocument ? Infinity : header.width * header.height)) {
    const [first = 0] = group
    const count = (group.at(-1) ?? first) - first + 1
    const page = isDocument ? await readHeader(bytes, first, deadline) : header
    requirePixels(page.width, page.height, limits)
    const pixels = page.width * page.height * count
    spent += pixels
    requireFilePixels(spent, limits)
    memory.hold(pixels * bytesAPixel(page), deadline.remainingMs() / 2)
    const paging = count > 1 || first > 0 ? { page: first, pages: count } : {}
    const options = { ...paging, limitInputPixels: limits.pixelsMax * count }
    const strip = await readPixels(bytes, options, deadline)
    const height = strip.height / count
    const pageBytes = strip.width * height * RASTER_BYTES
    for (const number of group) {
      const start = (number - first) * pageBytes
      const data = strip.data.subarray(start, start + pageBytes)
      const raster = { data, width: strip.width, height, channels: 3, orientation } as const
      yield { raster, seconds: pageSeconds[number] ?? number }
    }
  }
}

/** All pages at once, of a picture that has one or is known to be small. */
export async function everyPage(picture: Picture | Promise<Picture>): Promise<readonly Keyframe[]> {
  const pages: Keyframe[] = []
  for await (const page of (await picture).keyframes) pages.push(page)
  return pages
}

function bytesAPixel({ channels, depth }: Metadata): number {
  return RASTER_BYTES + Math.max(DECODER_BYTES, channels * (SAMPLE_BYTES[depth] ?? 1))
}

function requirePictureFormat(bytes: Uint8Array): PictureFormat {
  const media = identifyMedia(bytes)
  if (media.kind !== 'image') {
    throw new HindraError('MEDIA_UNSUPPORTED', `${media.format} is no picture but a film`)
  }
  if (pictureFormats().includes(media.format)) return media.format
  throw new HindraError('MEDIA_UNSUPPORTED', `this build of sharp cannot read ${media.format}`)
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
