import type { Hash256 } from '../core/index.ts'

/** Names one hash in the index: an integer from 0 to 2^32 - 2, given by the caller. */
export type Label = number

export interface Hit {
  readonly label: Label
  /** Hamming distance, 0 to 256. */
  readonly distance: number
}

export interface HashQuery {
  readonly hash: Hash256
  /** Largest distance that counts, 0 to 64. */
  readonly radius: number
}

/**
 * Hashes within a radius of a query. Implementations say whether they are exact; nothing that
 * decides a verdict alone uses one that is not.
 */
export interface HashIndex {
  readonly name: 'linear' | 'hnsw'
  readonly exact: boolean
  readonly size: number
  /** Replaces what the label named before. Throws INDEX_INVALID. */
  add(label: Label, hash: Hash256): void
  /** False where the label named nothing. */
  remove(label: Label): boolean
  /** Nearest first, ties by label. Throws INDEX_INVALID. */
  search(query: HashQuery, limit?: number): readonly Hit[]
  close(): void
}
