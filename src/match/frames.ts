import {
  complementOf,
  type HashWords,
  hashWords,
  parseHash256,
  wordsDistance,
} from '../core/index.ts'
import { deriveDihedral, type View, type ViewName } from '../fingerprint/index.ts'
import type { MatchPolicy } from './match.ts'

/** One frame of a film that says something. */
export interface Frame {
  /** Seconds from the start of the film. */
  readonly seconds: number
  /** The whole and, where it has a plain border, what is within: each is looked for. */
  readonly hashes: readonly HashWords[]
  /** Which of the distinct frames it is or repeats. */
  readonly distinct: number
}

/**
 * The frames of a film in their order. Drops those below `qualityMin` and tells which repeat an earlier one (within
 * `nearRadius`): a still film has one distinct frame, however long it is. vPDQ drops equal hashes only, which noise in a
 * copy undoes.
 *
 * @param as The frames as they look turned, mirrored or as a negative
 */
export function framesOf(
  views: readonly View[],
  policy: Pick<MatchPolicy, 'qualityMin' | 'nearRadius'>,
  as: ViewName = 'whole',
): readonly Frame[] {
  const byTime = new Map<number, HashWords[]>()
  for (const { seconds = 0, quality, pdq } of views) {
    if (quality < policy.qualityMin) continue
    const hash = hashWords(shownAs(as, pdq))
    const held = byTime.get(seconds)
    if (held === undefined) byTime.set(seconds, [hash])
    else held.push(hash)
  }
  const leaders: HashWords[] = []
  return Array.from(byTime, ([seconds, hashes]) => {
    // What is within the border tells more than the border.
    const telling = hashes.at(-1) ?? new Uint32Array()
    const known = leaders.findIndex((leader) => wordsDistance(leader, telling) <= policy.nearRadius)
    return { seconds, hashes, distinct: known === -1 ? leaders.push(telling) - 1 : known }
  })
}

/** How many distinct frames these are. */
export function distinctOf(frames: Iterable<Frame>): number {
  return new Set(Array.from(frames, ({ distinct }) => distinct)).size
}

/** PDQ distance of two frames, each as a whole or without its border. */
export function frameDistance(one: Frame, other: Frame): number {
  return Math.min(...one.hashes.flatMap((a) => other.hashes.map((b) => wordsDistance(a, b))))
}

function shownAs(as: ViewName, pdq: string) {
  const hash = parseHash256(pdq)
  if (as === 'complement') return complementOf(hash)
  if (as === 'trimmed' || as === 'content-box' || as === 'whole') return hash
  return deriveDihedral(hash)[as]
}
