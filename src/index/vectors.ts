import { graphLibrary } from './graph.ts'
import { startIndexThread } from './thread-calls.ts'
import type { Label } from './port.ts'

export interface VectorHit {
  readonly label: Label
  /** The Euclidean distance. */
  readonly distance: number
}

/** What the thread of vectors is asked. */
export interface VectorRequests {
  readonly add: { readonly label: Label; readonly vector: Float32Array }
  readonly remove: { readonly labels: readonly Label[] }
  readonly nearest: { readonly vector: Float32Array; readonly count: number }
}

export interface VectorAnswers {
  readonly add: undefined
  readonly remove: undefined
  readonly nearest: readonly VectorHit[]
}

/**
 * Vectors of one length by their nearness: approximate, in a thread of its own, and never what a
 * verdict rests on. Calls take effect in their order. They throw INDEX_INVALID for what is of another
 * length, not finite or out of range, and after close, and INDEX_LOST.
 */
export interface VectorIndex {
  /** Replaces what the label named before. */
  add(label: Label, vector: Float32Array): Promise<void>
  /** Labels that name nothing are no error. */
  remove(labels: readonly Label[]): Promise<void>
  /** The vectors that are nearest, the nearest first. */
  nearest(vector: Float32Array, count: number): Promise<readonly VectorHit[]>
  close(): Promise<void>
}

/** Throws GRAPH_UNAVAILABLE. */
export function openVectors(dimensions: number): VectorIndex {
  // Asked here: a thread that does not start says no more than that.
  graphLibrary()
  const thread = startIndexThread<VectorRequests, VectorAnswers>('vectors-worker', { dimensions })
  return {
    add: (label, vector) => thread.ask('add', { label, vector }),
    remove: (labels) => thread.ask('remove', { labels }),
    nearest: (vector, count) => thread.ask('nearest', { vector, count }),
    close: () => thread.close(),
  }
}
