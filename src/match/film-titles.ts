import { textureOf } from '../fingerprint/index.ts'
import type { KnownHashSet } from '../register/index.ts'
import type { FramePair } from './film-time.ts'

/** So near to its first or last frame a film begins or ends: frames are sampled a second apart. */
export const EDGE_SECONDS = 1.5
const SAMPLE_SECONDS = 1

/** When the last frames of two films are that were seen. */
export interface Lasts {
  readonly seconds: number
  readonly itemSeconds: number
}

/** Whether so many seconds are half of a film. */
export function isHalf(seconds: number, lastSeconds: number): boolean {
  return seconds + SAMPLE_SECONDS >= (lastSeconds + SAMPLE_SECONDS) / 2
}

/** Whether two films begin, or end, with what they have in common. */
export function areAtBothEnds(shared: readonly FramePair[], last: Lasts): boolean {
  const isStart = (times: readonly number[]) => Math.min(...times) <= EDGE_SECONDS
  const isEnd = (times: readonly number[], end: number) => end - Math.max(...times) <= EDGE_SECONDS
  const seconds = shared.map((pair) => pair.seconds)
  const itemSeconds = shared.map((pair) => pair.itemSeconds)
  return (
    (isStart(seconds) && isStart(itemSeconds)) ||
    (isEnd(seconds, last.seconds) && isEnd(itemSeconds, last.itemSeconds))
  )
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
  if (!areAtBothEnds(shared, last)) return false
  const [from, to] = spanOf(shared.map((pair) => pair.seconds))
  const [itemFrom, itemTo] = spanOf(shared.map((pair) => pair.itemSeconds))
  if (isHalf(to - from, last.seconds) || isHalf(itemTo - itemFrom, last.itemSeconds)) return false
  const shots = item.flatMap((set) => set.shots ?? [])
  const begun = Math.max(...shots.map(({ seconds }) => seconds).filter((at) => at <= itemFrom))
  const shown = shots.filter(({ seconds }) => seconds >= begun && seconds <= itemTo)
  return shown.length > 0 && shown.every(({ features }) => textureOf(features).cells < cellsMin)
}

function spanOf(times: readonly number[]): readonly [from: number, to: number] {
  return [Math.min(...times), Math.max(...times)]
}
