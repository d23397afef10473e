import { HASH256_BYTES, type Hash256 } from '../core/index.ts'
import type { Hit, PackedEntries, PackedHits } from './port.ts'

/** What the index thread is asked. */
export interface IndexRequests {
  readonly add: PackedEntries
  readonly remove: { readonly labels: Uint32Array }
  readonly search: { readonly hashes: Uint8Array; readonly radii: number | Uint8Array }
  readonly nearest: { readonly hashes: Uint8Array; readonly count: number }
  readonly entries: Record<string, never>
  readonly state: Record<string, never>
}

export interface IndexAnswers {
  readonly add: undefined
  readonly remove: undefined
  readonly search: PackedHits
  readonly nearest: PackedHits
  readonly entries: PackedEntries
  readonly state: { readonly exact: boolean; readonly saves: boolean; readonly size: number }
}

export function unpackHash(hashes: Uint8Array, position: number): Hash256 {
  return hashes.subarray(position * HASH256_BYTES, (position + 1) * HASH256_BYTES)
}

export function packHits(results: readonly (readonly Hit[])[]): PackedHits {
  const hits = results.flat()
  return {
    counts: Uint32Array.from(results, (result) => result.length),
    labels: Uint32Array.from(hits, (hit) => hit.label),
    distances: Uint16Array.from(hits, (hit) => hit.distance),
  }
}
