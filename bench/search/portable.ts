import { createHnswIndex, createLinearIndex, type HashIndex } from '../../src/index/index.ts'
import type { Bench, Cases } from '../bench.ts'
import { percentile } from '../measure.ts'
import { contest, ROUNDS } from './contest.ts'
import { countOf, hashAt, makeDataset } from './dataset.ts'
import { addEach, openLinear } from './peers.ts'
import { recordTimes } from './report.ts'

const SIZES = { '10k': 1e4, '100k': 1e5, '1m': 1e6 } as const
const QUERIES = 100
const RADIUS = 31

export const portableCases: Cases = Object.fromEntries(
  Object.keys(SIZES).flatMap((name) => [
    [`linear-${name}`, true],
    [`hnsw-${name}`, name === '10k'],
  ]),
)

/**
 * The indexes that need no compiler here: what they take to build and to hold, and their times. The
 * linear index is exact, and the truth that HNSW's recall is measured against.
 */
export function benchPortable(bench: Bench): void {
  for (const [name, count] of Object.entries(SIZES)) {
    if (bench.wants(`linear-${name}`)) benchLinear(bench, `linear-${name}`, count)
  }
  for (const [name, count] of Object.entries(SIZES)) {
    if (bench.wants(`hnsw-${name}`)) benchHnsw(bench, `hnsw-${name}`, count)
  }
}

function benchLinear(bench: Bench, name: string, count: number): void {
  const { hashes, queries } = dataset(bench.seed, count)
  const index = fill(bench, name, createLinearIndex(), hashes)
  const times: number[] = []
  for (let position = 0; position < countOf(queries); position += 1) {
    const start = performance.now()
    index.search({ hash: hashAt(queries, position), radius: RADIUS })
    times.push((performance.now() - start) * 1e3)
  }
  index.close()
  for (const percent of [50, 99]) {
    const value = percentile(times, percent)
    bench.record({ case: name, metric: `search p${percent}`, value, unit: 'us' })
  }
}

function benchHnsw(bench: Bench, name: string, count: number): void {
  const { hashes, queries } = dataset(bench.seed, count)
  if (count > 50_000) bench.note(`${name} is being built; that takes minutes`)
  const truth = openLinear(hashes)
  const index = fill(bench, name, createHnswIndex(), hashes)
  const result = contest({ truth, index, recallMin: 0 }, queries, { radius: RADIUS })
  recordTimes(bench, name, result)
  truth.close()
  index.close()
}

function dataset(seed: number, count: number) {
  const size = { count, queries: QUERIES * (ROUNDS + 1), radius: RADIUS }
  return makeDataset('near-duplicates', size, seed)
}

/** Builds the index and records what that took: time, and growth of the process's memory. */
function fill(bench: Bench, name: string, index: HashIndex, hashes: Uint8Array): HashIndex {
  const before = process.memoryUsage.rss()
  const start = performance.now()
  addEach(index, hashes)
  const seconds = (performance.now() - start) / 1e3
  const grown = process.memoryUsage.rss() - before
  const count = countOf(hashes)
  bench.record({ case: name, metric: 'build', value: seconds, unit: 's' })
  // Below that the growth is that of the process, not of the index.
  if (count >= 1e5) {
    bench.record({ case: name, metric: 'memory grown', value: grown / count, unit: 'bytes/hash' })
  }
  return index
}
