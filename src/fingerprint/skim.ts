import { hashWords, parseHash256, type Random, wordsDistance } from '../core/index.ts'
import type { Span } from '../decode/index.ts'
import type { View } from './fingerprint.ts'
import { CUT_BITS } from './shots.ts'

/** Shorter films are looked at as a whole: little is saved, and one keyframe may be all that they have. */
export const SKIMMED_SECONDS_MIN = 60
/** Keyframes further apart leave too much out. */
const APART_SECONDS_MAX = 12
/** One moment each so many seconds is compared with the keyframes around it, within these numbers. */
const MOMENT_EVERY_SECONDS = 60
const MOMENTS_MIN = 3
const MOMENTS_MAX = 6
/** Some frame is in it, however few there are a second. */
const MOMENT_SECONDS = 0.25

/** Whether keyframes are so close, from the start of a film to its end, that all of it may be shown by them. */
export function coverFilm(keyframes: readonly View[], durationSeconds: number): boolean {
  const times = [0, ...keyframes.map(({ seconds = 0 }) => seconds), durationSeconds]
  return times.every((time, index) => time - (times[index - 1] ?? 0) <= APART_SECONDS_MAX)
}

/**
 * Moments of a film that nobody knows before: whoever makes a film may choose its keyframes, and put others there than
 * what it shows.
 */
export function drawMoments(durationSeconds: number, random: Random): readonly Span[] {
  const wanted = Math.round(durationSeconds / MOMENT_EVERY_SECONDS)
  const count = Math.min(MOMENTS_MAX, Math.max(MOMENTS_MIN, wanted))
  const drawn = new Uint32Array(Uint8Array.from(random.bytes(4 * count)).buffer)
  const last = Math.max(0, durationSeconds - MOMENT_SECONDS)
  const starts = Array.from(drawn, (one) => (one / 2 ** 32) * last).sort((a, b) => a - b)
  return starts.map((from) => ({ from, to: from + MOMENT_SECONDS }))
}

/** Whether each moment looks somewhat like the keyframe before it or the one after it. */
export function areShownBy(moments: readonly View[], keyframes: readonly View[]): boolean {
  return moments.every(({ pdq, seconds = 0 }) => {
    const next = keyframes.findIndex((one) => (one.seconds ?? 0) > seconds)
    const around =
      next === -1 ? keyframes.slice(-1) : keyframes.slice(Math.max(0, next - 1), next + 1)
    const hash = hashWords(parseHash256(pdq))
    return around.some((one) => wordsDistance(hash, hashWords(parseHash256(one.pdq))) <= CUT_BITS)
  })
}
