import type { Beside } from './with-beside.ts'

/**
 * Items that a picture may show, altered or in part: what is known of their local features, in memory.
 * It proposes; how the two pictures lie to each other is found out from what the store keeps. Calls are
 * not to overlap with a change that they depend on. Items without features are passed over.
 */
export interface CandidateSource extends Beside {
  /** Ids of at most `limit` items, the likeliest first. `seen`: see `seenFeatures`. */
  candidates(seen: Uint8Array, limit: number): Promise<string[]>
  close(): Promise<void>
}
