import { indexClosed } from './checks.ts'
import type { SearchIndex } from './port.ts'
import { openIndexThread, type ThreadIndex } from './thread.ts'

/**
 * What is near beyond any radius: approximate, in a thread of its own, and never what a verdict
 * rests on.
 */
export type NeighbourIndex = Pick<SearchIndex, 'add' | 'remove' | 'close'> &
  Pick<ThreadIndex, 'nearest'>

/**
 * Empty. Its thread starts with what is first added or asked, for most commands do neither: these throw INDEX_LOST
 * when it does not start, GRAPH_UNAVAILABLE, and INDEX_INVALID after `close`.
 */
export function openNeighbours(): NeighbourIndex {
  let thread: Promise<ThreadIndex> | undefined
  let isClosed = false

  function started(): Promise<ThreadIndex> {
    if (isClosed) return Promise.reject(indexClosed())
    thread ??= openIndexThread('hnsw')
    return thread
  }

  return {
    add: async (entries) => (await started()).add(entries),
    remove: async (labels) => {
      if (thread !== undefined) await (await started()).remove(labels)
    },
    nearest: async (hashes, count) => (await started()).nearest(hashes, count),
    async close() {
      isClosed = true
      // One that never started has ended already.
      await (await thread?.catch(() => undefined))?.close()
    },
  }
}
