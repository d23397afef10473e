import type { Hit, PackedEntries, PackedHits, SearchIndex } from '../../src/index/index.ts'

export function entries(...all: readonly (readonly [number, Uint8Array])[]): PackedEntries {
  return {
    labels: Uint32Array.from(all, ([label]) => label),
    hashes: Uint8Array.from(all.flatMap(([, hash]) => [...hash])),
  }
}

export async function searchOne(index: SearchIndex, hash: Uint8Array, radius: number) {
  return unpacked(await index.search(hash, radius))[0]
}

/** One list of hits a query. */
export function unpacked({ counts, labels, distances }: PackedHits): Hit[][] {
  let start = 0
  return Array.from(counts, (count) => {
    const from = start
    start += count
    return Array.from(labels.subarray(from, start), (label, i) => {
      return { label, distance: distances[from + i] ?? 0 }
    })
  })
}
