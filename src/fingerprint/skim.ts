import type { Random } from '../core/index.ts'
import type { Film, Keyframe, Span } from '../decode/index.ts'

/** Keyframes further apart leave too much out. */
const APART_SECONDS_MAX = 12
/** One moment more is looked at each so many seconds, within these numbers. */
const MOMENT_EVERY_SECONDS = 60
const MOMENTS_MIN = 3
const MOMENTS_MAX = 8
/** Some frame is in it, however few there are a second. */
const MOMENT_SECONDS = 0.25

type Frames = Film['keyframes']

/** The frames of a film that is skimmed, in its order. */
export interface Skimmed {
  readonly frames: Frames
  /** Once they have come by: whether its keyframes are so close, from its start to its end, that they stand for it. */
  readonly isCovered: () => boolean
}

/**
 * Keyframes of a film, and some moments that nobody knows before: whoever makes a film chooses its keyframes, and may show
 * something else there than in all the rest.
 */
export function skimFilm(film: Film, random: Random): Skimmed {
  const { ownKeyframes, durationSeconds } = film
  const times: number[] = []
  async function* frames(): AsyncGenerator<Keyframe, void, undefined> {
    const moments = drawMoments(durationSeconds, random)
    for await (const keyframe of ownKeyframes) {
      while ((moments[0]?.to ?? Infinity) < keyframe.seconds) yield* momentOf(moments.shift())
      times.push(keyframe.seconds)
      yield keyframe
    }
    for (const moment of moments) yield* momentOf(moment)
  }
  async function* momentOf(span: Span | undefined): AsyncGenerator<Keyframe, void, undefined> {
    if (span === undefined) return
    for await (const frame of film.framesWithin(span, 1)) {
      yield frame
      return
    }
  }
  return {
    frames: frames(),
    isCovered: () =>
      [...times, durationSeconds].every(
        (time, index) => time - (times[index - 1] ?? 0) <= APART_SECONDS_MAX,
      ),
  }
}

/** In the order of the film. */
function drawMoments(durationSeconds: number, random: Random): Span[] {
  const wanted = Math.round(durationSeconds / MOMENT_EVERY_SECONDS)
  const count = Math.min(MOMENTS_MAX, Math.max(MOMENTS_MIN, wanted))
  const drawn = new DataView(Uint8Array.from(random.bytes(4 * count)).buffer)
  const last = Math.max(0, durationSeconds - MOMENT_SECONDS)
  const starts = Array.from(
    { length: count },
    (_, at) => (drawn.getUint32(4 * at) / 2 ** 32) * last,
  )
  return starts.sort((a, b) => a - b).map((from) => ({ from, to: from + MOMENT_SECONDS }))
}
