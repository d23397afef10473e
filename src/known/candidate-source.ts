import type { Beside } from './with-beside.ts'

/** How a picture may show an item. */
export type Side = 'any' | 'plain' | 'mirrored' | 'negative' | 'mirrored-negative'

/** An item that a picture may show. */
export interface CandidateItem {
  readonly itemId: string
  readonly side: Side
}

/** Each item once, in their order, by any side where it comes by several. */
export function eachOnce(candidates: Iterable<CandidateItem>): CandidateItem[] {
  const sides = new Map<string, Side>()
  for (const { itemId, side } of candidates) {
    sides.set(itemId, (sides.get(itemId) ?? side) === side ? side : 'any')
  }
  return Array.from(sides, ([itemId, side]) => ({ itemId, side }))
}

/**
 * Items that a picture may show, altered or in part: what is known of their local features, in memory.
 * It proposes; how the two pictures lie to each other is found out from what the store keeps. Calls are
 * not to overlap with a change that they depend on. Items without features are passed over.
 */
export interface CandidateSource extends Beside {
  /** At most `limit` items, each once, the likeliest first. `seen`: see `seenFeatures`. */
  candidates(seen: Uint8Array, limit: number): Promise<CandidateItem[]>
  close(): Promise<void>
}
