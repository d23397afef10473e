import type { NativeVariant } from '../index/index.ts'
import type { Beside } from './with-beside.ts'

/** An item that a picture may show. */
export interface CandidateItem {
  readonly itemId: string
  /** Of a film: when it shows the frame that the picture may show. */
  readonly seconds?: number
  /** How it shows the item. */
  readonly variant: NativeVariant | 'any'
}

/** What one range of items proposes. */
export interface Proposals {
  /** At most `limit` items, the likeliest first. */
  readonly voted: readonly CandidateItem[]
  /** How many pictures the range has. */
  readonly pictures: number
  /** All of them, where they are few. */
  readonly all: readonly CandidateItem[]
}

export const NO_PROPOSALS: Proposals = { voted: [], pictures: 0, all: [] }

/**
 * How few candidates are all of them taken: among so few a vote by chance counts for as much as one that tells, for how
 * many others have such a feature is what a vote is weighed by.
 */
export const ALL_OF_MAX = 20

/**
 * Each item once, the likeliest of each range first. Each range proposes as many as the whole would: what many have
 * weighs less, and in a range it is fewer that have it, so that votes of two ranges cannot be compared, and to cut the
 * list short might cut off what the whole finds.
 */
export function candidatesOf(ranges: readonly Proposals[], limit: number): CandidateItem[] {
  const most = Math.max(0, ...ranges.map(({ voted }) => voted.length))
  const byRank = Array.from({ length: most }, (_, rank) =>
    ranges.flatMap(({ voted }) => voted.slice(rank, rank + 1)),
  )
  const voted = eachOnce(byRank.flat())
  const pictures = ranges.reduce((sum, range) => sum + range.pictures, 0)
  const isFew = voted.length > 0 && pictures <= Math.min(limit, ALL_OF_MAX)
  return isFew ? eachOnce([...voted, ...ranges.flatMap(({ all }) => all)]) : voted
}

/** Names each item once, and each frame of a film, in their order; as any variant where it comes as several. */
export function eachOnce(candidates: Iterable<CandidateItem>): CandidateItem[] {
  const held = new Map<string, CandidateItem>()
  for (const candidate of candidates) {
    const key = `${candidate.itemId} ${candidate.seconds ?? ''}`
    const before = held.get(key)?.variant ?? candidate.variant
    held.set(key, { ...candidate, variant: before === candidate.variant ? before : 'any' })
  }
  return [...held.values()]
}

/**
 * Items that a picture may show, altered or in part: what is known of their local features, in memory.
 * It proposes; how the two pictures lie to each other is found out from what the store keeps. Calls are
 * not to overlap with a change that they depend on. Items without features are passed over.
 */
export interface CandidateSource extends Beside {
  /** `seen`: see `seenFeatures`. */
  proposals(seen: Uint8Array, limit: number): Promise<Proposals>
  close(): Promise<void>
}
