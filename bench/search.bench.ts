import { type Hash256, SeededRandom } from '../src/core/index.ts'
import {
  createHnswIndex,
  createLinearIndex,
  type HashIndex,
  type HashQuery,
} from '../src/index/index.ts'
import type { Bench } from './bench.ts'

const RADIUS = 31
const QUERIES = 500
/** One in this many hashes has near copies, as pictures that were uploaded again have. */
const CLUSTER_EVERY = 5
const COPIES = 4
const COPY_BITS_MAX = 24
const SIZES = { '10k': 10_000, '100k': 100_000, '1m': 1_000_000 } as const

/**
 * Time and recall of a search within radius 31, half of the queries near a known hash (0 to 31
 * bits changed at random) and half unrelated. The linear index is exact: it is the truth for recall
 * and the peer in the same run, query by query in turn.
 */
export function run(bench: Bench): Promise<void> {
  bench.note(`radius ${RADIUS}, ${QUERIES} queries a case, half of them near a known hash`)
  for (const [name, count] of Object.entries(SIZES)) {
    if (bench.wants(`linear-${name}`)) benchLinear(bench, `linear-${name}`, count)
  }
  for (const [name, count] of Object.entries(SIZES)) {
    if (bench.wants(`hnsw-${name}`, name !== '1m')) benchHnsw(bench, `hnsw-${name}`, count)
  }
  return Promise.resolve()
}

function benchLinear(bench: Bench, name: string, count: number): void {
  const { hashes, queries } = dataset(bench.seed, count)
  const linear = fill(bench, name, createLinearIndex(), hashes)
  const times = queries.map((query) => timed(() => linear.search(query)).ms)
  record(bench, name, 'search p50', percentile(times, 50), 'ms')
  record(bench, name, 'search p99', percentile(times, 99), 'ms')
  linear.close()
}

function benchHnsw(bench: Bench, name: string, count: number): void {
  const { hashes, queries } = dataset(bench.seed, count)
  if (count > 50_000) bench.note(`${name} is being built; that takes minutes`)
  const hnsw = fill(bench, name, createHnswIndex(), hashes)
  const linear = createLinearIndex()
  hashes.forEach((hash, label) => {
    linear.add(label, hash)
  })
  const times = { hnsw: [] as number[], linear: [] as number[] }
  let found = 0
  let wanted = 0
  for (const query of queries) {
    const truth = timed(() => linear.search(query))
    const guess = timed(() => hnsw.search(query))
    times.linear.push(truth.ms)
    times.hnsw.push(guess.ms)
    wanted += truth.value.length
    found += guess.value.length
  }
  for (const percent of [50, 99]) {
    const value = percentile(times.hnsw, percent)
    const peerValue = percentile(times.linear, percent)
    const metric = `search p${percent}`
    const ratio = value / peerValue
    bench.record({ case: name, metric, value, unit: 'ms', peer: 'linear', peerValue, ratio })
  }
  record(bench, name, `recall at ${RADIUS}`, found / wanted, 'share')
  linear.close()
  hnsw.close()
}

/** Builds the index and records what that took: time, and growth of the process's memory. */
function fill(bench: Bench, name: string, index: HashIndex, hashes: readonly Hash256[]): HashIndex {
  const before = process.memoryUsage.rss()
  const { ms } = timed(() => {
    hashes.forEach((hash, label) => {
      index.add(label, hash)
    })
  })
  const grown = process.memoryUsage.rss() - before
  record(bench, name, 'build', ms / 1000, 's')
  // Below that the growth is that of the process, not of the index.
  if (hashes.length >= 100_000) record(bench, name, 'memory', grown / hashes.length, 'bytes/hash')
  return index
}

function dataset(seed: number, count: number): { hashes: Hash256[]; queries: HashQuery[] } {
  const random = new SeededRandom(seed)
  const hashes: Hash256[] = []
  while (hashes.length < count) {
    const hash = random.bytes(32)
    hashes.push(hash)
    if (random.integer(1, CLUSTER_EVERY) > 1) continue
    for (let copy = 0; copy < COPIES; copy += 1) {
      hashes.push(flipped(hash, random.integer(0, COPY_BITS_MAX), random))
    }
  }
  hashes.length = count
  const queries = Array.from({ length: QUERIES }, (_, position) => {
    const known = hashes[random.integer(0, count - 1)]
    const isNear = position % 2 === 0 && known !== undefined
    const hash = isNear ? flipped(known, random.integer(0, RADIUS), random) : random.bytes(32)
    return { hash, radius: RADIUS }
  })
  return { hashes, queries }
}

function flipped(hash: Hash256, bits: number, random: SeededRandom): Hash256 {
  const copy = Uint8Array.from(hash)
  for (let i = 0; i < bits; i += 1) {
    const bit = random.integer(0, 255)
    copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  }
  return copy
}

function timed<T>(work: () => T): { ms: number; value: T } {
  const start = performance.now()
  const value = work()
  return { ms: performance.now() - start, value }
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? Number.NaN
}

function record(bench: Bench, name: string, metric: string, value: number, unit: string): void {
  bench.record({ case: name, metric, value, unit })
}
