import type { SearchIndex } from './port.ts'
import { openIndexThread, type ThreadIndex } from './thread.ts'

/**
 * What is near beyond any radius: approximate, in a thread of its own, and never what a verdict
 * rests on.
 */
export type NeighbourIndex = Pick<SearchIndex, 'add' | 'remove' | 'close'> &
  Pick<ThreadIndex, 'nearest'>

/** Empty. Throws INDEX_LOST when its thread does not start. */
export function openNeighbours(): Promise<NeighbourIndex> {
  return openIndexThread('hnsw')
}
