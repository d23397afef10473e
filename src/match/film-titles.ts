import type { Span } from '../decode/index.ts'
import { textureOf } from '../fingerprint/index.ts'
import type { KnownHashSet } from '../register/index.ts'
import type { FramePair } from './film-time.ts'

/** So near to its first or last frame a film begins or ends: frames are sampled a second apart. */
const EDGE_SECONDS = 1.5
const SAMPLE_SECONDS = 1

/** When the last frames of two films are that were seen. */
interface Lasts {
  readonly seconds: number
  readonly itemSeconds: number
}

/** Whether so many seconds are half of a film. */
export function isHalf(seconds: number, lastSeconds: number): boolean {
  return seconds + SAMPLE_SECONDS >= (lastSeconds + SAMPLE_SECONDS) / 2
}

/** With which end of both films begins, or ends, what they have in common; undefined where it stands elsewhere. */
export function sharedEnd(shared: readonly FramePair[], last: Lasts): 'start' | 'end' | undefined {
  const seconds = shared.map((pair) => pair.seconds)
  const itemSeconds = shared.map((pair) => pair.itemSeconds)
  if (Math.min(...seconds) <= EDGE_SECONDS && Math.min(...itemSeconds) <= EDGE_SECONDS)
    return 'start'
  const isEnd = (times: readonly number[], end: number) => end - Math.max(...times) <= EDGE_SECONDS
  return isEnd(seconds, last.seconds) && isEnd(itemSeconds, last.itemSeconds) ? 'end' : undefined
}

/**
 * Whether all that two films have in common is a title, a countdown or an intro: both begin or end with it, it is under
 * half of either, and it has little texture, as what is drawn has. Films that are different share that, and it says nothing
 * of them. False where of the known film no texture is kept there.
 *
 * @param cellsMin Textured cells without which a picture alone says too little
 */
export function isTitle(
  shared: readonly FramePair[],
  last: Lasts,
  item: readonly Pick<KnownHashSet, 'shots'>[],
  cellsMin: number,
): boolean {
  const at = sharedEnd(shared, last)
  if (at === undefined) return false
  // As far as the end, whose frames may be blank: of a short film that is soon half.
  const spanOf = (times: readonly number[], end: number): Span =>
    at === 'start' ? { from: 0, to: Math.max(...times) } : { from: Math.min(...times), to: end }
  const own = spanOf(
    shared.map((pair) => pair.seconds),
    last.seconds,
  )
  const known = spanOf(
    shared.map((pair) => pair.itemSeconds),
    last.itemSeconds,
  )
  if (isHalf(own.to - own.from, last.seconds)) return false
  if (isHalf(known.to - known.from, last.itemSeconds)) return false
  const shots = item.flatMap((set) => set.shots ?? [])
  const begun = Math.max(
    ...shots.map(({ seconds }) => seconds).filter((time) => time <= known.from),
  )
  const shown = shots.filter(({ seconds }) => seconds >= begun && seconds <= known.to)
  return shown.length > 0 && shown.every(({ features }) => textureOf(features).cells < cellsMin)
}
