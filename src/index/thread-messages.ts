import { HASH256_BYTES, type Hash256 } from '../core/index.ts'
import type { ErrorCode } from '../errors.ts'
import { checkHash, checkLabel, checkLimit, checkQuery } from './checks.ts'
import type { HashQuery, Hit, Label } from './port.ts'

/** What the index thread is asked. Typed arrays, so that the buffers can be handed over uncopied. */
export interface IndexRequests {
  readonly add: { readonly labels: Uint32Array; readonly hashes: Uint8Array }
  readonly remove: { readonly labels: Uint32Array }
  readonly search: {
    readonly hashes: Uint8Array
    readonly radii: Uint8Array
    readonly limit: number | undefined
  }
  readonly state: Record<string, never>
}

export type RequestKind = keyof IndexRequests

export interface IndexReplies {
  readonly add: undefined
  readonly remove: undefined
  readonly search: PackedHits
  readonly state: { readonly exact: boolean; readonly size: number }
}

export type ToIndexThread = {
  readonly [Kind in RequestKind]: {
    readonly id: number
    readonly kind: Kind
    readonly body: IndexRequests[Kind]
  }
}[RequestKind]

export type FromIndexThread =
  | { readonly id: number; readonly reply: IndexReplies[RequestKind] }
  | {
      readonly id: number
      readonly refusal: { readonly code: ErrorCode; readonly message: string }
    }

/** The hits of several queries, one after the other; `counts` says how many each query has. */
export interface PackedHits {
  readonly counts: Uint32Array
  readonly labels: Uint32Array
  readonly distances: Uint16Array
}

// Packing checks first: a typed array would turn what is out of range into something else.

/** Throws INDEX_INVALID. */
export function packEntries(
  entries: readonly { readonly label: Label; readonly hash: Hash256 }[],
): IndexRequests['add'] {
  return {
    labels: packLabels(entries.map((entry) => entry.label)),
    hashes: packHashes(entries.map((entry) => entry.hash)),
  }
}

/** Throws INDEX_INVALID. */
export function packRemoval(labels: readonly Label[]): IndexRequests['remove'] {
  return { labels: packLabels(labels) }
}

/** Throws INDEX_INVALID. */
export function packQueries(
  queries: readonly HashQuery[],
  limit: number | undefined,
): IndexRequests['search'] {
  checkLimit(limit)
  queries.forEach(checkQuery)
  return {
    hashes: packHashes(queries.map((query) => query.hash)),
    radii: Uint8Array.from(queries, (query) => query.radius),
    limit,
  }
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

export function unpackHits({ counts, labels, distances }: PackedHits): Hit[][] {
  let start = 0
  return Array.from(counts, (count) => {
    const end = start + count
    const hits = Array.from(labels.subarray(start, end), (label, i) => ({
      label,
      distance: distances[start + i] ?? 0,
    }))
    start = end
    return hits
  })
}

/** The buffers of a message: they move to the other thread instead of being copied. */
export function buffersOf(message: object): ArrayBuffer[] {
  return Object.values(message)
    .filter((value) => ArrayBuffer.isView(value))
    .map((view) => view.buffer as ArrayBuffer)
}

function packLabels(labels: readonly Label[]): Uint32Array {
  labels.forEach(checkLabel)
  return Uint32Array.from(labels)
}

function packHashes(hashes: readonly Hash256[]): Uint8Array {
  const packed = new Uint8Array(hashes.length * HASH256_BYTES)
  hashes.forEach((hash, position) => {
    checkHash(hash)
    packed.set(hash, position * HASH256_BYTES)
  })
  return packed
}
