import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Deadline } from './deadline.ts'
import { SIDE_FD, startDecoder } from './decoder-process.ts'
import { ffmpegPath } from './ffmpeg-path.ts'
import { filmInput } from './film-input.ts'
import type { FilmFacts } from './film-probe.ts'
import type { DecodeLimits, FilmFormat, Keyframe, Span } from './decoded.ts'

/** Sampled frames of a film, however short it is (if it has as many). */
const SAMPLES_MIN = 8
const INTERVAL_MIN_SECONDS = 0.04
const KEYFRAMES_APART_SECONDS = 0.5
/** Name of the note that carries the time of a frame past the filters. */
const NOTE = 'hindra'

/** Which of its frames are decoded: options before the input, what selects them, and when the first one would be. */
export interface Choice {
  readonly before: readonly string[]
  readonly select: string
  readonly fromSeconds: number
}

/** The sampled frames of the whole film. */
export function sampled(head: FilmFacts, limits: DecodeLimits): Choice {
  const select = sampledBy(sampleInterval(head.durationSeconds, limits))
  return { before: [], select, fromSeconds: 0 }
}

/**
 * The frames at which its encoder lets a film be entered, half a second apart at least: of the rest nothing is decoded.
 */
export function ownKeyframes({ durationSeconds }: FilmFacts, { framesMax }: DecodeLimits): Choice {
  const apart = Math.max(KEYFRAMES_APART_SECONDS, durationSeconds / Math.max(1, framesMax - 1))
  const isDue = `isnan(prev_selected_t)+gte(t-prev_selected_t,${apart.toFixed(3)})`
  return { before: ['-skip_frame', 'nokey'], select: `eq(pict_type,I)*(${isDue})`, fromSeconds: 0 }
}

/** Frames of one span of it, so many seconds apart: what lies before is read from the keyframe before it. */
export function within({ from, to }: Span, everySeconds: number): Choice {
  const start = Math.max(0, from)
  return {
    before: ['-ss', start.toFixed(3), '-t', Math.max(0.05, to - start).toFixed(3)],
    select: `isnan(prev_selected_t)+gte(t-prev_selected_t,${everySeconds.toFixed(3)})`,
    fromSeconds: start,
  }
}

/** Decodes the chosen frames in the order of the film, at the pace of the caller. */
export async function* chosenFrames(
  film: Uint8Array,
  format: FilmFormat,
  head: FilmFacts,
  limits: DecodeLimits,
  deadline: Deadline,
  { before, select, fromSeconds }: Choice,
): AsyncGenerator<Keyframe, void, undefined> {
  const args = [
    ...['-hide_banner', '-nostdin', '-threads', '1', '-filter_threads', '1', ...before],
    ...filmInput(format, limits),
    ...['-map', `0:${String(head.stream)}`, '-vf', filters(head, select)],
    ...['-fps_mode', 'passthrough', '-pix_fmt', 'rgb24', '-f', 'rawvideo', 'pipe:1'],
  ]
  const decoder = startDecoder(ffmpegPath(), args, film, deadline)
  try {
    const { width, height } = head
    const times = readTimes(decoder.side)
    let seconds = 0
    for await (const data of cutFrames(decoder.stdout, width * height * 3)) {
      seconds = await nextTime(times, seconds)
      const raster = { data, width, height, channels: 3, orientation: 1 } as const
      yield { raster, seconds: fromSeconds + seconds }
    }
    await decoder.end()
  } finally {
    await decoder.stop()
  }
}

/** Seconds. At most one frame and one keyframe each interval stay within `framesMax`. */
export function sampleInterval(durationSeconds: number, { framesMax }: DecodeLimits): number {
  const wanted = Math.min(1, durationSeconds / SAMPLES_MIN)
  const affordable = durationSeconds / Math.max(1, framesMax / 2 - 1)
  return Math.max(INTERVAL_MIN_SECONDS, wanted, affordable)
}

/**
 * Takes the first frame of each interval, counted from the start of the film so that a copy is
 * sampled at the same moments, and keyframes half an interval or more after the last one taken.
 */
function sampledBy(intervalSeconds: number): string {
  const interval = intervalSeconds.toFixed(3)
  const half = (intervalSeconds / 2).toFixed(3)
  const due = `isnan(prev_pts)+gt(floor(t/${interval}),floor(prev_pts*TB/${interval}))`
  return `${due}+key*gte(t-prev_selected_t,${half})`
}

/** The time of each chosen frame is written aside; all are brought to one size, so that the output can be cut. */
function filters({ width, height }: FilmFacts, select: string): string {
  const note = `metadata=key=${NOTE}`
  return [
    `select='${select}'`,
    `${note}:mode=add:value=1`,
    `${note}:mode=print:direct=1:file='pipe\\:${String(SIDE_FD)}'`,
    `scale=${String(width)}:${String(height)}:flags=bicubic+accurate_rnd+full_chroma_int`,
  ].join(',')
}

async function* cutFrames(stream: Readable, frameBytes: number): AsyncGenerator<Uint8Array> {
  let frame: Uint8Array | undefined
  let filled = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let used = 0
    while (used < chunk.length) {
      frame ??= new Uint8Array(frameBytes)
      const part = chunk.subarray(used, used + frameBytes - filled)
      frame.set(part, filled)
      used += part.length
      filled += part.length
      if (filled < frameBytes) continue
      yield frame
      frame = undefined
      filled = 0
    }
  }
}

/** Lines like `frame:3 pts:30720 pts_time:3`, one a frame, between others. */
async function* readTimes(stream: Readable): AsyncGenerator<number, void, undefined> {
  for await (const line of createInterface({ input: stream })) {
    const time = /^frame:.*pts_time:(\S+)/.exec(line)?.[1]
    if (time !== undefined) yield Number(time)
  }
}

/** Frames without a time of their own get that of the frame before. */
async function nextTime(
  times: AsyncGenerator<number, void, undefined>,
  lastSeconds: number,
): Promise<number> {
  const next = await times.next()
  return next.done === true || Number.isNaN(next.value) ? lastSeconds : Math.max(0, next.value)
}
