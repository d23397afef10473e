import { createHnswIndex, type NeighbourGraph } from './hnsw.ts'
import { createLinearIndex } from './linear.ts'
import type { HashIndex } from './port.ts'

/** The portable indexes: they serve from a thread of their own. */
export type ThreadKind = 'linear' | 'hnsw'

export function createThreadIndex(kind: ThreadKind): HashIndex & Partial<NeighbourGraph> {
  return kind === 'hnsw' ? createHnswIndex() : createLinearIndex()
}
