import { HASH256_BYTES, type Hash256 } from '../core/index.ts'
import { checkHash, checkLimit, checkQuery } from './checks.ts'
import { Graph, type GraphOptions } from './graph.ts'
import { byDistance } from './hits.ts'
import type { HashIndex, HashQuery, Hit, Label } from './port.ts'

const BITS = HASH256_BYTES * 8

export type HnswOptions = GraphOptions

/** An index that also finds what is near beyond any radius. */
export interface NeighbourGraph extends HashIndex {
  /** The nearest ones it finds, nearest first, at most `count`. Throws INDEX_INVALID. */
  nearest(hash: Hash256, count: number): readonly Hit[]
}

/**
 * Finds nearly all neighbours, not all: `exact` is false. Each bit is a float of 0 or 1, whose squared
 * Euclidean distance is the Hamming distance, so the distances of what it finds are exact; that
 * costs about 1.2 KiB a hash. Throws INDEX_INVALID and GRAPH_UNAVAILABLE.
 */
export function createHnswIndex(options: HnswOptions = {}): NeighbourGraph {
  return new HnswIndex(options)
}

class HnswIndex implements NeighbourGraph {
  readonly name = 'hnsw'
  readonly exact = false
  readonly #graph: Graph

  constructor(options: HnswOptions) {
    this.#graph = new Graph(BITS, options)
  }

  get size(): number {
    return this.#graph.size
  }

  add(label: Label, hash: Hash256): void {
    checkHash(hash)
    this.#graph.add(label, toPoint(hash))
  }

  remove(label: Label): boolean {
    return this.#graph.remove(label)
  }

  search(query: HashQuery, limit?: number): readonly Hit[] {
    checkQuery(query)
    checkLimit(limit)
    const point = toPoint(query.hash)
    const most = Math.min(limit ?? this.size, this.size)
    let count = Math.min(most, this.#graph.searchWidth)
    let hits = this.#nearest(point, count)
    // While even the farthest is within the radius there may be more behind it.
    while (hits.length === count && count < most && isWithin(hits.at(-1), query.radius)) {
      count = Math.min(most, 4 * count)
      hits = this.#nearest(point, count)
    }
    return hits.filter((hit) => hit.distance <= query.radius).sort(byDistance)
  }

  nearest(hash: Hash256, count: number): readonly Hit[] {
    checkHash(hash)
    checkLimit(count)
    return this.#nearest(toPoint(hash), count).sort(byDistance)
  }

  close(): void {
    this.#graph.close()
  }

  #nearest(point: number[], count: number): Hit[] {
    const hits = this.#graph.nearest(point, count)
    return hits.map(({ label, squared }) => ({ label, distance: squared }))
  }
}

function toPoint(hash: Hash256): number[] {
  const point: number[] = []
  for (const byte of hash) {
    for (let bit = 0; bit < 8; bit += 1) point.push((byte >>> bit) & 1)
  }
  return point
}

function isWithin(hit: Hit | undefined, radius: number): boolean {
  return hit !== undefined && hit.distance <= radius
}
