import { createHash } from 'node:crypto'
import { own } from '../core/index.ts'
import type { Deadline } from './deadline.ts'
import { startDecoder } from './decoder-process.ts'
import { ffmpegPath } from './ffmpeg-path.ts'
import { filmInput } from './film-input.ts'
import type { FilmFacts } from './film-probe.ts'
import type { DecodeLimits, FilmFormat } from './decoded.ts'

/**
 * Which units of a codec hold coded pictures, by the numbers of its standard: slices of H.264 (7.4.1) and HEVC
 * (7.4.2.2), frames and tile groups of AV1 (6.2.2), pictures and slices of MPEG-2 (6.2.1). What stands beside them
 * describes the stream, and each container keeps that in a place of its own. Of other codecs all is taken.
 */
const PICTURE_UNITS: Readonly<Record<string, string>> = {
  h264: '1-5',
  hevc: '0-31',
  av1: '3|4|6',
  mpeg2video: '0-175',
}

/** Less is a few frames, or blank ones: black at 640 x 360 takes some 20 bytes a frame. */
const TRACK_BYTES_MIN = 4_096

/**
 * SHA-256 of the coded pictures of a film, without decoding them: the same in every container and whatever stands beside
 * them, tags and sound among it. Edit lists are passed over, for a player's cut leaves the pictures there. Null where
 * there are too few to tell the film by, and where it cannot be read to its end.
 */
export async function hashTrack(
  film: Uint8Array,
  format: FilmFormat,
  { stream, codec }: FilmFacts,
  limits: DecodeLimits,
  deadline: Deadline,
): Promise<string | null> {
  const units = own(PICTURE_UNITS, codec)
  const args = [
    ...['-hide_banner', '-nostdin', ...(format === 'mp4' ? ['-ignore_editlist', '1'] : [])],
    ...filmInput(format, limits),
    ...['-map', `0:${String(stream)}`, '-c', 'copy'],
    ...(units === undefined ? [] : ['-bsf:v', `filter_units=pass_types=${units}`]),
    ...['-f', 'data', 'pipe:1'],
  ]
  const decoder = startDecoder(ffmpegPath(), args, film, deadline)
  try {
    const hash = createHash('sha256')
    let bytes = 0
    for await (const chunk of decoder.stdout as AsyncIterable<Buffer>) {
      hash.update(chunk)
      bytes += chunk.length
    }
    const isWhole = await decoder.end()
    return isWhole && bytes >= TRACK_BYTES_MIN ? hash.digest('hex') : null
  } finally {
    await decoder.stop()
  }
}
