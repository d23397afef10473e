import { createHnswIndex } from './hnsw.ts'
import { createLinearIndex } from './linear.ts'
import type { HashIndex } from './port.ts'

export type IndexKind = HashIndex['name']

export function createIndex(kind: IndexKind): HashIndex {
  return kind === 'hnsw' ? createHnswIndex() : createLinearIndex()
}
