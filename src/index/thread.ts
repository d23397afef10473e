import { checkEntries, checkLabels, checkQueries } from './checks.ts'
import { inChunks } from './entry-chunks.ts'
import { graphLibrary } from './graph.ts'
import type { ThreadKind } from './kinds.ts'
import type { PackedHits, SearchIndex } from './port.ts'
import { startIndexThread } from './thread-calls.ts'
import type { IndexAnswers, IndexRequests } from './thread-messages.ts'

/** `nearest` throws INTERNAL where the kind has no graph to find neighbours by. */
export interface ThreadIndex extends SearchIndex {
  nearest(hashes: Uint8Array, count: number): Promise<PackedHits>
}

/**
 * A portable index in a thread of its own, empty, so that a search does not hold up the server.
 * Throws INDEX_LOST when it does not start, GRAPH_UNAVAILABLE.
 */
export async function openIndexThread(kind: ThreadKind): Promise<ThreadIndex> {
  // Asked here: a thread that does not start says no more than that.
  if (kind === 'hnsw') graphLibrary()
  const thread = startIndexThread<IndexRequests, IndexAnswers>('thread-worker', { kind })
  const { exact, saves } = await thread.ask('state', {})
  // Asked here: a thread would turn what is out of range into something else, and do half a call.
  return {
    kind,
    exact,
    async add(entries) {
      checkEntries(entries)
      await thread.ask('add', entries)
    },
    async remove(labels) {
      checkLabels(labels)
      await thread.ask('remove', { labels })
    },
    async search(hashes, radii) {
      checkQueries(hashes, radii)
      return thread.ask('search', { hashes, radii })
    },
    nearest: (hashes, count) => thread.ask('nearest', { hashes, count }),
    async size() {
      return (await thread.ask('state', {})).size
    },
    save: () => (saves ? inChunks(thread.ask('entries', {})) : undefined),
    close: () => thread.close(),
  }
}
