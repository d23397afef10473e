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

/** Labels and their hashes, 32 bytes each, one after the other. */
export interface PackedEntries {
  readonly labels: Uint32Array
  readonly hashes: Uint8Array
}

/** The hits of several queries, one after the other; `counts` says how many each query has. */
export interface PackedHits {
  readonly counts: Uint32Array
  readonly labels: Uint32Array
  readonly distances: Uint16Array
}

/**
 * Hashes within a radius of a query. Implementations say whether they are exact; nothing that
 * decides a verdict alone uses one that is not.
 */
export interface HashIndex {
  readonly name: 'native' | 'linear' | 'hnsw'
  readonly exact: boolean
  readonly size: number
  /** Replaces what the label named before. Throws INDEX_INVALID. */
  add(label: Label, hash: Hash256): void
  /** False where the label named nothing. */
  remove(label: Label): boolean
  /** Nearest first, ties by label. Throws INDEX_INVALID. */
  search(query: HashQuery, limit?: number): readonly Hit[]
  /** A copy of all it holds, in any order; absent where rebuilding gains nothing by it. */
  entries?(): PackedEntries
  close(): void
}

/**
 * What serves the searches of a running Hindra, whichever index is behind it: whole batches, packed,
 * and never a stall of the caller's thread. Calls take effect in their order. They throw
 * INDEX_INVALID for what is out of range (then nothing of that call happened) and after close, and
 * INDEX_LOST once an index thread has ended by itself.
 */
export interface SearchIndex {
  readonly kind: HashIndex['name']
  /** False where a search may miss a hash within the radius. */
  readonly exact: boolean
  add(entries: PackedEntries): Promise<void>
  /** Labels that name nothing are no error. */
  remove(labels: Uint32Array): Promise<void>
  /** All queries in one call: n hashes of 32 bytes, a radius for all or one each; nearest first. */
  search(hashes: Uint8Array, radii: number | Uint8Array): Promise<PackedHits>
  size(): Promise<number>
  /**
   * What it holds at the moment of the call, to be sealed and given to `IndexSource.open`; undefined
   * where it cannot be saved.
   */
  save(): AsyncIterable<Uint8Array> | undefined
  close(): Promise<void>
}
