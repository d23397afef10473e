import type { IndexedItem } from './types.ts'

/**
 * Items that a picture may show, altered or in part: what is known of their local features, in memory.
 * It proposes; how the two pictures lie to each other is found out from what the store keeps. Calls are
 * not to overlap with a change that they depend on.
 */
export interface CandidateSource {
  /** In place of what was known of them before. Those without features are passed over. */
  add(items: readonly IndexedItem[]): Promise<void>
  /** Those that are not known are no error. */
  remove(itemIds: readonly string[]): Promise<void>
  /** Ids of at most `limit` items, the likeliest first. `seen`: see `seenFeatures`. */
  candidates(seen: Uint8Array, limit: number): Promise<string[]>
  close(): Promise<void>
}
