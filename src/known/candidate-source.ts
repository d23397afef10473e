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
  /** At most `limit` items, each once, the likeliest first. `seen`: see `seenFeatures`. */
  candidates(seen: Uint8Array, limit: number): Promise<CandidateItem[]>
  close(): Promise<void>
}
