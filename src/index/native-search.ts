import { HASH256_BYTES } from '../core/index.ts'
import { checkLabels } from './checks.ts'
import type { NativeIndex } from './native.ts'
import type { SearchIndex } from './port.ts'

/** What the caller's thread is held up for at most; a search that may take longer is a job. */
const STALL_MICROSECONDS = 500
/** What one query within radius 31 takes, among tens of millions. */
const QUERY_MICROSECONDS = 20
const QUICK_RADIUS = 31
/** Beyond that radius, and while the index still sorts, a query may compare every hash. */
const COMPARED_A_MICROSECOND = 100

/** The native index as it serves: on the caller's thread where that is quicker than a job. */
export function nativeSearchIndex(index: NativeIndex): SearchIndex {
  return {
    kind: index.name,
    exact: index.exact,
    add: ({ labels, hashes }) =>
      settled(() => {
        index.addAll(labels, hashes)
      }),
    remove: (labels) =>
      settled(() => {
        checkLabels(labels)
        index.removeAll(labels)
      }),
    search: (hashes, radii) =>
      settled(() =>
        mayStall(hashes, radii)
          ? index.searchAllAsync(hashes, radii)
          : index.searchAll(hashes, radii),
      ),
    size: () => settled(() => index.stats().hashes),
    save: () => index.chunks(),
    close: () =>
      settled(() => {
        index.close()
      }),
  }

  function mayStall(hashes: Uint8Array, radii: number | Uint8Array): boolean {
    const queries = hashes.length / HASH256_BYTES
    const radius = typeof radii === 'number' ? radii : radii.reduce((a, b) => Math.max(a, b), 0)
    const isQuick = radius <= QUICK_RADIUS && !index.stats().merging
    const each = QUERY_MICROSECONDS + (isQuick ? 0 : index.size / COMPARED_A_MICROSECOND)
    return queries * each > STALL_MICROSECONDS
  }
}

/** Done at once; what is thrown is a rejection, as with an index in a thread. */
function settled<T>(work: () => T | Promise<T>): Promise<T> {
  return new Promise((resolve) => {
    resolve(work())
  })
}
