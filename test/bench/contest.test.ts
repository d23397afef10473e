import { describe, expect, it } from 'vitest'
import type { Contender } from '../../bench/search/contender.ts'
import { contest, ROUNDS } from '../../bench/search/contest.ts'
import { countOf, hashAt, makeDataset } from '../../bench/search/dataset.ts'
import { createLinearIndex, type HashIndex } from '../../src/index/index.ts'

const QUERIES = 8 * (ROUNDS + 1)
const { hashes, queries } = makeDataset(
  'near-duplicates',
  { count: 2000, queries: QUERIES, radius: 31 },
  3,
)

describe('contest', () => {
  it('finds full recall where the answers agree, in whatever form and order', () => {
    const truth = linear()
    const index = unordered(linear())
    const others = [{ contender: linear(), queriesEach: 3 }]
    for (const options of [{ radius: 31 }, { radius: 31, limit: 5 }]) {
      const result = contest({ truth, index, others }, queries, options)
      for (const standing of [result.truth, result.index, ...result.others]) {
        expect(standing.recall).toBe(1)
        expect(standing.p50).toBeGreaterThan(0)
        expect(standing.p99).toBeGreaterThanOrEqual(standing.p50)
      }
    }
  })

  it('asks no query twice, and the slow only the first of each round', () => {
    const asked = { index: [] as Uint8Array[], slow: [] as Uint8Array[] }
    const index = listening(linear(), asked.index)
    const others = [{ contender: listening(linear(), asked.slow), queriesEach: 3 }]
    contest({ truth: linear(), index, others }, queries, { radius: 31 })
    // Besides, each is warmed up by complements of the queries.
    const all = Array.from({ length: QUERIES }, (_, i) => hexOf(hashAt(queries, i)))
    const own = (hashes: readonly Uint8Array[]) =>
      hashes.map(hexOf).filter((hash) => all.includes(hash))
    expect(own(asked.index)).toEqual(all)
    expect(own(asked.slow)).toEqual(all.filter((_, i) => i % 8 < 3))
  })

  it('throws where a hit is missing, unless that much may be missing', () => {
    const truth = linear()
    const index: Contender = {
      ...plain(truth),
      search: (query) => truth.search(query).slice(0, -1),
    }
    expect(() => contest({ truth, index }, queries, { radius: 31 })).toThrow(/found \d+ of \d+/)
    const { recall } = contest({ truth, index, recallMin: 0 }, queries, { radius: 31 }).index
    expect(recall).toBeLessThan(1)
  })

  it('throws where a hit is wrong, even if some may be missing', () => {
    const truth = linear()
    const index: Contender = {
      ...plain(truth),
      search: (query) => truth.search(query).map((hit) => ({ ...hit, distance: hit.distance + 1 })),
    }
    const field = { truth, index, recallMin: 0 }
    expect(() => contest(field, queries, { radius: 31 })).toThrow(/that is none/)
  })

  it('throws where nothing was due, for then nothing was checked', () => {
    const strangers = makeDataset('random', { count: 1, queries: QUERIES, radius: 0 }, 9).queries
    const field = { truth: linear(), index: linear() }
    expect(() => contest(field, strangers, { radius: 0 })).toThrow(/found 0 of 0/)
  })
})

function linear(): HashIndex {
  const index = createLinearIndex()
  for (let label = 0; label < countOf(hashes); label += 1) index.add(label, hashAt(hashes, label))
  return index
}

function plain(index: HashIndex): Contender {
  return {
    name: 'altered',
    search: (query, limit) => index.search(query, limit),
    close() {
      index.close()
    },
  }
}

/** Answers like a peer: in arrays, all within the radius, in another order. */
function unordered(index: HashIndex): Contender {
  return {
    ...plain(index),
    search(query) {
      const hits = [...index.search(query)].reverse()
      return {
        labels: Uint32Array.from(hits, ({ label }) => label),
        distances: Uint16Array.from(hits, ({ distance }) => distance),
      }
    },
  }
}

function listening(index: HashIndex, asked: Uint8Array[]): Contender {
  return {
    ...plain(index),
    search(query) {
      asked.push(query.hash)
      return index.search(query)
    },
  }
}

function hexOf(hash: Uint8Array): string {
  return Buffer.from(hash).toString('hex')
}
