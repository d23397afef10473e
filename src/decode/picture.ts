import type { Metadata } from 'sharp'
import { HindraError } from '../errors.ts'
import { startDeadline } from './deadline.ts'
import { isWholeGif } from './gif-blocks.ts'
import { identifyMedia } from './identify.ts'
import { requireBytes, requirePixels } from './limits.ts'
import { choosePages, groupPages } from './pages.ts'
import { pictureFormats } from './picture-formats.ts'
import { readHeader, readPixels } from './reading.ts'
import type { DecodeLimits, Keyframe, PictureFormat } from './types.ts'

/**
 * Decodes a picture at full resolution. A still gives one keyframe at 0 seconds; an animation or a
 * document of several pages gives up to `pagesMax` of them, spread evenly, each with its time (a
 * document: its page number). Alpha is dropped, not blended: what lies under transparent pixels is
 * what the PDQ reference hashes. Grey becomes RGB, CMYK is converted as sharp does, 16 bits become
 * 8. The memory of `data` cannot be moved to another thread.
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
  const header = await readHeader(bytes, deadline)
  const { width, height, pages = 1, orientation = 1 } = header
  const pageSeconds = pageTimes(header)
  requirePixels(width, height, limits)

  const keyframes: Keyframe[] = []
  const chosen = choosePages(pages, limits.pagesMax)
  // Pages of a document may differ in size, so that each is read alone.
  const isDocument = format === 'tiff'
  for (const group of groupPages(chosen, isDocument ? Infinity : width * height)) {
    const [first = 0] = group
    const count = (group.at(-1) ?? first) - first + 1
    const paging = count > 1 || first > 0 ? { page: first, pages: count } : {}
    const options = { ...paging, limitInputPixels: limits.pixelsMax * count }
    const strip = await readPixels(bytes, options, deadline)
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

/** Start of each page of an animation. Browsers take 100 ms where a file says less than 20. */
function pageTimes({ delay = [] }: Metadata): readonly number[] {
  let elapsedMs = 0
  return delay.map((delayMs) => {
    const start = elapsedMs / 1_000
    elapsedMs += delayMs < 20 ? 100 : delayMs
    return start
  })
}
