import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { HindraError } from '../errors.ts'
import type { Deadline } from './deadline.ts'
import { startDecoder } from './decoder-process.ts'
import { ffprobePath } from './ffmpeg-path.ts'
import { filmInput } from './film-input.ts'
import type { DecodeLimits, FilmFormat } from './decoded.ts'

/** What the head of a film says of its first moving picture. */
export interface FilmFacts {
  /** Number of its stream in the container. */
  readonly stream: number
  /** Its codec, by ffmpeg's name. */
  readonly codec: string
  /** Pixels of an upright frame. */
  readonly width: number
  readonly height: number
  readonly durationSeconds: number
}

const probed = z.object({
  streams: z.array(
    z.object({
      index: z.int(),
      codec_name: z.string().default(''),
      nb_frames: z.string().optional(),
      width: z.int().min(1),
      height: z.int().min(1),
      side_data_list: z.array(z.object({ rotation: z.number().optional() })).default([]),
    }),
  ),
  format: z.object({ duration: z.coerce.number().optional() }).default({}),
})

/** Reads the head of a film. Throws MEDIA_CORRUPT, MEDIA_UNSUPPORTED, MEDIA_LIMIT, DECODE_TIMEOUT. */
export async function probeFilm(
  film: Uint8Array,
  format: FilmFormat,
  limits: DecodeLimits,
  deadline: Deadline,
): Promise<FilmFacts> {
  const fields =
    'stream=index,codec_name,nb_frames,width,height:stream_side_data=rotation:format=duration'
  const show = ['-select_streams', 'V', '-show_entries', fields, '-of', 'json']
  const input = filmInput(format, limits)
  const decoder = startDecoder(ffprobePath(), [...show, ...input], film, deadline)
  let json: string
  try {
    json = await text(decoder.stdout)
    await decoder.end()
  } finally {
    await decoder.stop()
  }
  const { streams, format: container } = parse(json)
  // An animated AVIF holds its cover as a stream of one frame before the film.
  const stream = streams.find(({ nb_frames }) => nb_frames !== '1') ?? streams[0]
  if (stream === undefined) {
    throw new HindraError('MEDIA_UNSUPPORTED', 'the file holds no moving picture')
  }
  const rotation = stream.side_data_list.find((side) => side.rotation !== undefined)?.rotation ?? 0
  const turned = Math.abs(rotation) % 180 === 90
  return {
    stream: stream.index,
    codec: stream.codec_name,
    width: turned ? stream.height : stream.width,
    height: turned ? stream.width : stream.height,
    // Streamed WebM and the like do not say how long they are.
    durationSeconds: positive(container.duration) ?? (await measure(stream.index)),
  }

  /** Reads the times of all packets, which needs no decoding. */
  async function measure(index: number): Promise<number> {
    const times = 'packet=pts_time,duration_time'
    const list = ['-select_streams', String(index), '-show_entries', times, '-of', 'csv=p=0']
    const listing = startDecoder(ffprobePath(), [...list, ...input], film, deadline)
    let start = Infinity
    let end = 0
    try {
      for await (const line of createInterface({ input: listing.stdout })) {
        const [time = NaN, duration = NaN] = line.split(',').map(Number)
        if (Number.isNaN(time)) continue
        start = Math.min(start, time)
        end = Math.max(end, time + (Number.isNaN(duration) ? 0 : duration))
      }
      await listing.end()
    } finally {
      await listing.stop()
    }
    return Math.max(0, end - start)
  }
}

function parse(json: string): z.infer<typeof probed> {
  try {
    return probed.parse(JSON.parse(json))
  } catch (cause) {
    throw new HindraError('MEDIA_CORRUPT', 'the head of the film cannot be read', { cause })
  }
}

function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined
}
