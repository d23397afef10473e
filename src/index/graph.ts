import { createRequire } from 'node:module'
import type hnswlib from 'hnswlib-node'
import { HindraError } from '../errors.ts'
import { checkLabel, indexClosed } from './checks.ts'
import type { Label } from './port.ts'

const CAPACITY_START = 1024
/** The order of insertion and this seed decide the graph: two runs build the same one. */
const SEED = 100

/** Throws GRAPH_UNAVAILABLE: the package is built where it is installed, and left out where that cannot be done. */
export function graphLibrary(): typeof hnswlib {
  try {
    // What the package's own types say of it.
    return createRequire(import.meta.url)('hnswlib-node') as typeof hnswlib
  } catch (cause) {
    throw new HindraError('GRAPH_UNAVAILABLE', 'hnswlib-node is not there, or does not load', {
      cause,
    })
  }
}

export interface GraphOptions {
  /** Links a node (M of the paper), 2 to 100; 16 by default. */
  readonly connections?: number
  /** Candidates kept while building, 1 to 10000; 200 by default. */
  readonly buildWidth?: number
  /** Candidates kept while searching, 1 to 10000; 128 by default. More finds more, slower. */
  readonly searchWidth?: number
}

/** A point of the graph; `squared` is its squared Euclidean distance. */
export interface GraphHit {
  readonly label: Label
  readonly squared: number
}

/**
 * Hierarchical navigable small world graph (Malkov and Yashunin, 2016) over hnswlib, which accepts
 * NaN, wraps labels at 32 bits, never gives room back and crashes on a file that it did not write:
 * it only ever sees finite points of one length, small labels of our own, called slots, which are
 * used again, and no file. Throws INDEX_INVALID, and GRAPH_UNAVAILABLE when it is made.
 */
export class Graph {
  readonly searchWidth: number
  readonly #dimensions: number
  readonly #slots = new Map<Label, number>()
  readonly #labels: Label[] = []
  readonly #freeSlots: number[] = []
  #native: hnswlib.HierarchicalNSW | undefined

  constructor(
    dimensions: number,
    { connections = 16, buildWidth = 200, searchWidth = 128 }: GraphOptions = {},
  ) {
    checkOption('connections', connections, 2, 100)
    checkOption('buildWidth', buildWidth, 1, 10_000)
    checkOption('searchWidth', searchWidth, 1, 10_000)
    this.searchWidth = searchWidth
    this.#dimensions = dimensions
    const { HierarchicalNSW } = graphLibrary()
    this.#native = new HierarchicalNSW('l2', dimensions)
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

  has(label: Label): boolean {
    return this.#slots.has(label)
  }

  add(label: Label, point: number[]): void {
    const native = this.#open()
    checkLabel(label)
    this.#check(point)
    const slot = this.#slots.get(label) ?? this.#freeSlots.at(-1) ?? this.#labels.length
    if (slot >= native.getMaxElements()) native.resizeIndex(2 * native.getMaxElements())
    // On a slot that exists, deleted or not, this moves the node and mends the links around it.
    native.addPoint(point, slot)
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

  /** The nearest that it finds, at most `count`, in any order. */
  nearest(point: number[], count: number): GraphHit[] {
    const native = this.#open()
    this.#check(point)
    const most = Math.min(count, this.size)
    if (most === 0) return []
    native.setEf(Math.max(this.searchWidth, most))
    // Never with a filter: one that throws aborts the process.
    const { neighbors, distances } = native.searchKnn(point, most)
    return neighbors.map((slot, i) => ({
      label: this.#labels[slot] ?? 0,
      squared: distances[i] ?? Number.POSITIVE_INFINITY,
    }))
  }

  close(): void {
    this.#native = undefined
    this.#slots.clear()
    this.#labels.length = 0
    this.#freeSlots.length = 0
  }

  #open(): hnswlib.HierarchicalNSW {
    if (this.#native === undefined) throw indexClosed()
    return this.#native
  }

  #check(point: readonly number[]): void {
    if (point.length !== this.#dimensions || !point.every(Number.isFinite)) {
      throw new HindraError('INDEX_INVALID', `a point is ${this.#dimensions} finite numbers`)
    }
  }
}

function checkOption(name: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new HindraError('INDEX_INVALID', `${name} is an integer from ${low} to ${high}`)
  }
}
