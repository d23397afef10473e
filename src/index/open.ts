import { nativeCore } from '../../native/binding.ts'
import { entriesOf } from './entry-chunks.ts'
import type { ThreadKind } from './kinds.ts'
import { gathered } from './gathered.ts'
import { createNativeIndex, restoreNativeIndex } from './native.ts'
import { nativeSearchIndex } from './native-search.ts'
import type { SearchIndex } from './port.ts'
import { openIndexThread } from './thread.ts'

/** `exact` is the native index where it was built, else the portable one: same answers, slower. */
export type IndexKind = 'exact' | ThreadKind

/** Where indexes of one kind come from. */
export interface IndexSource {
  readonly kind: SearchIndex['kind']
  /**
   * An index, empty or as an index of this kind saved it. Throws INDEX_CORRUPT for what no such
   * index has saved, INDEX_LOST when its thread does not start, GRAPH_UNAVAILABLE.
   */
  open(saved?: AsyncIterable<Uint8Array>): Promise<SearchIndex>
}

/** The kind that serves here. */
export function indexSource(kind: IndexKind): IndexSource {
  if (kind !== 'exact') return threadSource(kind)
  return nativeCore() === undefined ? threadSource('linear') : nativeSource
}

const nativeSource: IndexSource = {
  kind: 'native',
  async open(saved) {
    const index = saved === undefined ? createNativeIndex() : await restoreNativeIndex(saved)
    return gathered(nativeSearchIndex(index))
  },
}

function threadSource(kind: ThreadKind): IndexSource {
  return {
    kind,
    async open(saved) {
      const index = await openIndexThread(kind)
      if (saved === undefined) return gathered(index)
      try {
        for await (const chunk of saved) await index.add(entriesOf(chunk))
        return gathered(index)
      } catch (error) {
        await index.close()
        throw error
      }
    },
  }
}
