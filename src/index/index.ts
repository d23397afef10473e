export { kernelName, type NativeVariant, nativeCoreAbsence } from '../../native/binding.ts'
export { BANDED_RADIUS_MAX, RADIUS_MAX } from './checks.ts'
export { createFeatureIndex, type FeatureIndex } from './feature-index.ts'
export { createHnswIndex, type HnswOptions } from './hnsw.ts'
export { createLinearIndex } from './linear.ts'
export {
  createNativeIndex,
  type IndexStats,
  type NativeIndex,
  openNativeIndex,
  restoreNativeIndex,
  type SearchOptions,
} from './native.ts'
export { type NeighbourIndex, openNeighbours } from './neighbours.ts'
export { type IndexKind, type IndexSource, indexSource } from './open.ts'
export * from './port.ts'
export { openVectors, type VectorHit, type VectorIndex } from './vectors.ts'
