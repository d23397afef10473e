import { HASH256_BYTES } from '../core/index.ts'
import { checkQueries } from './checks.ts'
import type { PackedHits, SearchIndex } from './port.ts'

/** How many queries do not wait for the end of the turn. */
const QUERIES_A_SEARCH = 1_024

interface Asked {
  readonly hashes: Uint8Array
  readonly radii: number | Uint8Array
  readonly resolve: (hits: PackedHits) => void
  readonly reject: (error: unknown) => void
}

const NO_LABELS = new Uint32Array()
const NO_DISTANCES = new Uint16Array()

/**
 * The same index, where searches that are asked for within a turn of the event loop become one: a
 * feed brings thousands of small ones a second. Each gets its own part of the hits.
 */
export function gathered(index: SearchIndex): SearchIndex {
  let asked: Asked[] = []
  let queries = 0

  /** Checked here: what is out of range must not spoil the searches of others. */
  async function search(hashes: Uint8Array, radii: number | Uint8Array): Promise<PackedHits> {
    checkQueries(hashes, radii)
    return new Promise((resolve, reject) => {
      asked.push({ hashes, radii, resolve, reject })
      queries += hashes.length / HASH256_BYTES
      if (asked.length === 1) setImmediate(flush)
      if (queries >= QUERIES_A_SEARCH) flush()
    })
  }

  function flush(): void {
    const [all, count] = [asked, queries]
    asked = []
    queries = 0
    if (all.length > 0) void searchAll(all, count)
  }

  async function searchAll(all: readonly Asked[], count: number): Promise<void> {
    const [only] = all
    try {
      if (only !== undefined && all.length === 1) {
        only.resolve(await index.search(only.hashes, only.radii))
        return
      }
      const hashes = new Uint8Array(count * HASH256_BYTES)
      const radii = new Uint8Array(count)
      let query = 0
      for (const one of all) {
        const end = query + one.hashes.length / HASH256_BYTES
        hashes.set(one.hashes, query * HASH256_BYTES)
        if (typeof one.radii === 'number') radii.fill(one.radii, query, end)
        else radii.set(one.radii, query)
        query = end
      }
      handOut(all, await index.search(hashes, radii))
    } catch (error) {
      for (const { reject } of all) reject(error)
    }
  }

  return { ...index, search }
}

function handOut(all: readonly Asked[], { counts, labels, distances }: PackedHits): void {
  let query = 0
  let hit = 0
  for (const { hashes, resolve } of all) {
    const end = query + hashes.length / HASH256_BYTES
    const own = counts.subarray(query, end)
    const hits = own.reduce((sum, count) => sum + count, 0)
    resolve(
      hits === 0
        ? { counts: own, labels: NO_LABELS, distances: NO_DISTANCES }
        : {
            counts: own,
            labels: labels.subarray(hit, hit + hits),
            distances: distances.subarray(hit, hit + hits),
          },
    )
    query = end
    hit += hits
  }
}
