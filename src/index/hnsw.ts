import hnswlib from 'hnswlib-node'
import { HASH256_BYTES, type Hash256 } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { checkHash, checkLabel, checkLimit, checkQuery, indexClosed } from './checks.ts'
import { byDistance } from './hits.ts'
import type { HashIndex, HashQuery, Hit, Label } from './port.ts'

const BITS = HASH256_BYTES * 8
const CAPACITY_START = 1024
/** The order of insertion and this seed decide the graph: two runs build the same one. */
const SEED = 100

export interface HnswOptions {
  /** Links a node (M of the paper), 2 to 100; 16 by default. */
  readonly connections?: number
  /** Candidates kept while building, 1 to 10000; 200 by default. */
  readonly buildWidth?: number
  /** Candidates kept while searching, 1 to 10000; 128 by default. More finds more, slower. */
  readonly searchWidth?: number
}

/** An index that also finds what is near beyond any radius. */
export interface NeighbourGraph extends HashIndex {
  /** The nearest ones it finds, nearest first, at most `count`. Throws INDEX_INVALID. */
  nearest(hash: Hash256, count: number): readonly Hit[]
}

/**
 * Hierarchical navigable small world graph (Malkov and Yashunin, 2016) over hnswlib. Finds nearly
 * all neighbours, not all: `exact` is false. Each bit is a float of 0 or 1, whose squared
 * Euclidean distance is the Hamming distance, so the distances of what it finds are exact; that
 * costs about 1.2 KiB a hash. Throws INDEX_INVALID.
 */
export function createHnswIndex(options: HnswOptions = {}): NeighbourGraph {
  return new HnswIndex(options)
}

class HnswIndex implements NeighbourGraph {
  readonly name = 'hnsw'
  readonly exact = false
  readonly #searchWidth: number
  /** The native library only ever sees our own small labels, called slots. */
  readonly #slots = new Map<Label, number>()
  readonly #labels: Label[] = []
  readonly #freeSlots: number[] = []
  #native: hnswlib.HierarchicalNSW | undefined

  constructor({ connections = 16, buildWidth = 200, searchWidth = 128 }: HnswOptions) {
    checkOption('connections', connections, 2, 100)
    checkOption('buildWidth', buildWidth, 1, 10_000)
    checkOption('searchWidth', searchWidth, 1, 10_000)
    this.#searchWidth = searchWidth
    this.#native = new hnswlib.HierarchicalNSW('l2', BITS)
    this.#native.initIndex({
      maxElements: CAPACITY_START,
      m: connections,
      efConstruction: buildWidth,
      randomSeed: SEED,
    })
  }

  get size(): number {
    return this.#slots.size
  }

  add(label: Label, hash: Hash256): void {
    const native = this.#open()
    checkLabel(label)
    checkHash(hash)
    const slot = this.#slots.get(label) ?? this.#freeSlots.at(-1) ?? this.#labels.length
    if (slot >= native.getMaxElements()) native.resizeIndex(2 * native.getMaxElements())
    // On a slot that exists, deleted or not, this moves the node and mends the links around it.
    native.addPoint(toPoint(hash), slot)
    if (this.#slots.has(label)) return
    if (slot === this.#freeSlots.at(-1)) this.#freeSlots.pop()
    this.#labels[slot] = label
    this.#slots.set(label, slot)
  }

  remove(label: Label): boolean {
    const native = this.#open()
    checkLabel(label)
    const slot = this.#slots.get(label)
    if (slot === undefined) return false
    native.markDelete(slot)
    this.#slots.delete(label)
    this.#freeSlots.push(slot)
    return true
  }

  search(query: HashQuery, limit?: number): readonly Hit[] {
    const native = this.#open()
    checkQuery(query)
    checkLimit(limit)
    const point = toPoint(query.hash)
    const most = Math.min(limit ?? this.size, this.size)
    if (most === 0) return []
    let count = Math.min(most, this.#searchWidth)
    let hits = this.#nearest(native, point, count)
    // While even the farthest is within the radius there may be more behind it.
    while (hits.length === count && count < most && isWithin(hits.at(-1), query.radius)) {
      count = Math.min(most, 4 * count)
      hits = this.#nearest(native, point, count)
    }
    return hits.filter((hit) => hit.distance <= query.radius).sort(byDistance)
  }

  nearest(hash: Hash256, count: number): readonly Hit[] {
    const native = this.#open()
    checkHash(hash)
    checkLimit(count)
    const most = Math.min(count, this.size)
    if (most === 0) return []
    return this.#nearest(native, toPoint(hash), most).sort(byDistance)
  }

  close(): void {
    this.#native = undefined
    this.#slots.clear()
    this.#labels.length = 0
    this.#freeSlots.length = 0
  }

  #nearest(native: hnswlib.HierarchicalNSW, point: number[], count: number): Hit[] {
    native.setEf(Math.max(this.#searchWidth, count))
    // Never with a filter: one that throws aborts the process.
    const { neighbors, distances } = native.searchKnn(point, count)
    return neighbors.map((slot, i) => ({
      label: this.#labels[slot] ?? 0,
      distance: distances[i] ?? BITS,
    }))
  }

  #open(): hnswlib.HierarchicalNSW {
    if (this.#native === undefined) throw indexClosed()
    return this.#native
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

function checkOption(name: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new HindraError('INDEX_INVALID', `${name} is an integer from ${low} to ${high}`)
  }
}
