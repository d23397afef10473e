import { hammingDistance, parseHash256 } from '../core/index.ts'
import type { KnownHashSet } from './hash-set.ts'
import type { EntryOrigin, OwnCopy } from './item.ts'

/** How a verifier's own copy compares with what an entry was made of. */
export interface CopyComparison {
  readonly how: OwnCopy | 'another'
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

/** A film is compared by its bytes alone: its frames are sampled anew in each encoding. */
export function compareCopy(held: KnownHashSet, copy: KnownHashSet): CopyComparison {
  const distance = distanceOf(held, copy)
  if (held.sha256 !== undefined && held.sha256 === copy.sha256)
    return { how: 'same-bytes', distance }
  return { how: distance !== null && distance <= ALIKE_BITS ? 'alike' : 'another', distance }
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
