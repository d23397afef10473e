import { HindraError } from '../errors.ts'
import { startDeadline } from './deadline.ts'
import { type Choice, chosenFrames, ownKeyframes, sampled, within } from './film-frames.ts'
import { probeFilm } from './film-probe.ts'
import { hashTrack } from './film-track.ts'
import { identifyMedia } from './identify.ts'
import { requireBytes, requirePixels } from './limits.ts'
import { type DecodeLimits, type Film, type PixelMemory, type Span, UNLIMITED } from './decoded.ts'
import { decodePicture } from './picture.ts'

/** A pixel, of one decoder: two frames of RGB here, six that ffmpeg refers to. What it takes beyond is its own limit. */
const FRAME_BYTES = 16

/**
 * Reads the head of a film, then decodes frames of it as they are asked for: one each sampling
 * interval (a second; less in films under 8 seconds, more in films that would exceed `framesMax`)
 * and the keyframes between. Frames are upright and at full resolution; only a few are in memory
 * at a time. `secondsMax` runs from the call to the last frame, the caller's own work included.
 *
 * Throws FFMPEG_MISSING, SHM_UNAVAILABLE, TOO_LARGE, MEDIA_EMPTY, MEDIA_UNSUPPORTED (no picture in
 * it), MEDIA_CORRUPT, MEDIA_LIMIT and DECODE_TIMEOUT, the last three also while iterating, and only
 * then what `memory` throws. A film that breaks off ends where it does: MEDIA_CORRUPT only means that
 * no frame could be decoded.
 */
export async function decodeFilm(
  bytes: Uint8Array,
  limits: DecodeLimits,
  memory: PixelMemory = UNLIMITED,
): Promise<Film> {
  const { format, head, deadline, hold } = await openFilm(bytes, limits, memory)
  async function* framesOf(choice: Choice, decoders: number): Film['keyframes'] {
    hold(decoders)
    yield* checked(chosenFrames(bytes, format, head, limits, deadline, choice), limits)
  }
  return {
    durationSeconds: head.durationSeconds,

    track: () => hashTrack(bytes, format, head, limits, deadline),
    keyframes: framesOf(sampled(head, limits), 1),
    // Beside them a span is decoded.
    ownKeyframes: framesOf(ownKeyframes(head, limits), 2),
    framesWithin: (span, everySeconds) =>
      chosenFrames(bytes, format, head, limits, deadline, within(span, everySeconds)),
  }
}

/**
 * Frames of some spans of a film, so many seconds apart: for a second look where something was found. Frames of an
 * animated picture are all that it has there. A span in which nothing can be decoded has none. Throws as `decodeFilm`.
 */
export async function* decodeSpans(
  bytes: Uint8Array,
  limits: DecodeLimits,
  { spans, everySeconds }: { readonly spans: readonly Span[]; readonly everySeconds: number },
  memory: PixelMemory = UNLIMITED,
): Film['keyframes'] {
  if (identifyMedia(bytes).kind === 'image') {
    const { keyframes } = await decodePicture(bytes, limits, memory)
    for await (const frame of keyframes) {
      if (spans.some(({ from, to }) => frame.seconds >= from && frame.seconds <= to)) yield frame
    }
    return
  }
  const { format, head, deadline, hold } = await openFilm(bytes, limits, memory)
  hold(1)
  for (const span of spans) {
    const choice = within(span, everySeconds)
    yield* chosenFrames(bytes, format, head, limits, deadline, choice)
  }
}

async function openFilm(bytes: Uint8Array, limits: DecodeLimits, memory: PixelMemory) {
  requireBytes(bytes, limits)
  const media = identifyMedia(bytes)
  if (media.kind !== 'film') {
    throw new HindraError('MEDIA_UNSUPPORTED', `${media.format} is no film but a picture`)
  }
  const deadline = startDeadline(limits.secondsMax)
  const head = await probeFilm(bytes, media.format, limits, deadline)
  requirePixels(head.width, head.height, limits)
  requireSeconds(head.durationSeconds, limits)
  const hold = (decoders: number) => {
    memory.hold(decoders * head.width * head.height * FRAME_BYTES, deadline.remainingMs() / 2)
  }
  return { format: media.format, head, deadline, hold }
}

/** Holds a film to what its head promised. */
async function* checked(frames: Film['keyframes'], limits: DecodeLimits): Film['keyframes'] {
  let count = 0
  for await (const frame of frames) {
    count += 1
    requireSeconds(frame.seconds, limits)
    if (count > limits.framesMax) {
      const most = String(limits.framesMax)
      throw new HindraError('MEDIA_LIMIT', `the film has over decode.framesMax = ${most} frames`)
    }
    yield frame
  }
  if (count === 0) throw new HindraError('MEDIA_CORRUPT', 'no frame of the film can be decoded')
}

function requireSeconds(seconds: number, { filmSecondsMax }: DecodeLimits): void {
  if (seconds <= filmSecondsMax) return
  const found = `${seconds.toFixed(0)} seconds`
  const most = String(filmSecondsMax)
  throw new HindraError('MEDIA_LIMIT', `${found} are over decode.filmSecondsMax = ${most}`)
}
