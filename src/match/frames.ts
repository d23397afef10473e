import { type HashWords, hashWords, parseHash256, wordsDistance } from '../core/index.ts'
import type { View } from '../fingerprint/index.ts'
import type { MatchPolicy } from './match.ts'

/** The frames of a film that say something, in their order. */
export interface Frames {
  readonly hashes: readonly HashWords[]
  /** Which of the distinct frames each frame is or repeats. */
  readonly distinctOf: readonly number[]
  /** How many distinct frames there are. */
  readonly distinct: number
}

/**
 * Drops the frames below `qualityMin` and tells which repeat an earlier one (within
 * `nearRadius`): a still film has one distinct frame, however long it is. vPDQ drops equal
 * hashes only, which noise in a copy undoes.
 */
export function framesOf(views: readonly View[], policy: MatchPolicy): Frames {
  const hashes = views
    .filter((view) => view.quality >= policy.qualityMin)
    .map((view) => hashWords(parseHash256(view.pdq)))
  const leaders: HashWords[] = []
  const distinctOf = hashes.map((hash) => {
    const known = leaders.findIndex((leader) => wordsDistance(leader, hash) <= policy.nearRadius)
    return known === -1 ? leaders.push(hash) - 1 : known
  })
  return { hashes, distinctOf, distinct: leaders.length }
}

/** How many distinct frames the frames at these positions show. */
export function distinctAt(frames: Frames, positions: Iterable<number>): number {
  return new Set(Array.from(positions, (position) => frames.distinctOf[position])).size
}
