import { hammingDistance, parseHash256 } from '../core/index.ts'
import { type KnownHashSet, type ListedHash, slackOf } from './hash-set.ts'
import type { EntryOrigin, OwnCopy } from './item.ts'

/** A verifier's own copy: its bytes, or the hashes that their browser made of it. */
export type GivenCopy = Uint8Array | readonly ListedHash[]

/**
 * How a verifier's own copy compares with what an entry was made of. `contradicts`: the bytes are the same, and the PDQ
 * hash that a browser gave with them is of another picture.
 */
export interface CopyComparison {
  readonly how: OwnCopy | 'contradicts' | 'another'
  /** Between the PDQ hashes of the whole pictures, 0 to 256; null for a film, and where one has none. */
  readonly distance: number | null
}

/** A file beside an entry that waits. */
export interface ComparedCopy extends CopyComparison {
  readonly itemId: string
  readonly entryId: string
  readonly list: string
  /** What the proposer's file was called, and where it came from. */
  readonly origin: EntryOrigin
}

/** PDQ hashes that are further apart are of another picture (the reference's own threshold). */
const ALIKE_BITS = 31

/**
 * A film is compared by its bytes alone: its frames are sampled anew in each encoding. Hashes of a browser are nobody's
 * but its word: what they are off is taken from what counts as alike, and a digest is believed with a picture hash that
 * fits it.
 */
export function compareCopy(held: KnownHashSet, copy: KnownHashSet): CopyComparison {
  const distance = distanceOf(held, copy)
  const slack = slackOf(held) + slackOf(copy)
  if (held.sha256 !== undefined && held.sha256 === copy.sha256) {
    const isOther = slack > 0 && distance !== null && distance > slack
    return { how: isOther ? 'contradicts' : 'same-bytes', distance }
  }
  const isAlike = distance !== null && distance + slack <= ALIKE_BITS
  return { how: isAlike ? 'alike' : 'another', distance }
}

function distanceOf(held: KnownHashSet, copy: KnownHashSet): number | null {
  const [one, other] = [wholeOf(held), wholeOf(copy)]
  if (one === undefined || other === undefined) return null
  return hammingDistance(parseHash256(one), parseHash256(other))
}

function wholeOf({ kind, views }: KnownHashSet): string | undefined {
  if (kind === 'film') return undefined
  return views.find(({ name, seconds }) => name === 'whole' && seconds === undefined)?.pdq
}
