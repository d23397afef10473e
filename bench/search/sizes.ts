import { HASH256_BYTES } from '../../src/core/index.ts'
import type { Bench, Cases } from '../bench.ts'
import { median } from '../measure.ts'
import { contest, type Entrant, ROUNDS } from './contest.ts'
import { countOf, type Dataset, hashAt, makeDataset } from './dataset.ts'
import { type FilledIndex, fillNative, hasNative } from './native.ts'
import { openFaiss, openHnsw, openLinear, openTruth, type Scan } from './peers.ts'
import { recordAgainst, recordTimes } from './report.ts'

const RADIUS = 31
/** Hashes on top of the sealed ones, added one by one: nearly all that a delta takes. */
const DELTA = 32_000
const COLD_QUERIES = 50

interface Size {
  readonly count: number
  /** Queries a round, of which there are six. */
  readonly queries: number
  readonly byDefault: boolean
  /** Slower than the scan: they answer the first queries of each round. */
  readonly slowPeers: (bench: Bench, hashes: Uint8Array) => readonly Entrant[]
}

const SIZES: Readonly<Record<string, Size>> = {
  '100k': {
    count: 1e5,
    queries: 1000,
    byDefault: true,
    slowPeers: (bench, hashes) => [
      ...openFaiss(bench, hashes).map((contender) => ({ contender, queriesEach: 100 })),
      { contender: openLinear(hashes), queriesEach: 100 },
      { contender: openHnsw(bench, hashes), queriesEach: 100, recallMin: 0.99 },
    ],
  },
  '1m': {
    count: 1e6,
    queries: 1000,
    byDefault: true,
    slowPeers: (bench, hashes) => [
      ...openFaiss(bench, hashes).map((contender) => ({ contender, queriesEach: 50 })),
      { contender: openLinear(hashes), queriesEach: 50 },
    ],
  },
  '10m': { count: 1e7, queries: 200, byDefault: true, slowPeers: () => [] },
  '50m': { count: 5e7, queries: 50, byDefault: false, slowPeers: () => [] },
}

export const sizeCases: Cases = {
  ...Object.fromEntries(
    Object.entries(SIZES).map(([name, { byDefault }]) => [`native-${name}`, byDefault]),
  ),
  growth: false,
}

/**
 * The native index by size, on random hashes, against the peers: sealed (all of it in segments) and
 * with a full delta, with hot and with cold caches; what it takes to build and to hold. `growth` is
 * the same at 1, 10 and 50 million.
 */
export async function benchSizes(bench: Bench): Promise<void> {
  const growing = bench.wants('growth')
  let million: number | undefined
  for (const [name, size] of Object.entries(SIZES)) {
    const isWanted = bench.wants(`native-${name}`) || (growing && size.count >= 1e6)
    if (!isWanted || !hasNative(bench)) continue
    const p50 = await benchSize(bench, `native-${name}`, size)
    if (million === undefined) {
      if (name === '1m') million = p50
      continue
    }
    const growth = { metric: 'growth of p50', value: p50, unit: 'us' }
    recordAgainst(bench, `native-${name}`, { ...growth, peer: 'at 1m', peerValue: million })
  }
}

/** Returns the median time of a search in the sealed index, in microseconds. */
async function benchSize(bench: Bench, name: string, size: Size): Promise<number> {
  const { count, queries } = size
  const dataset = makeDataset(
    'random',
    { count: count + DELTA, queries: queries * (ROUNDS + 1), radius: RADIUS },
    bench.seed,
  )
  const sealed = dataset.hashes.subarray(0, count * HASH256_BYTES)
  const filled = await fillNative(sealed)
  recordCosts(bench, name, filled, count)
  const p50 = contestSealed(bench, name, { ...dataset, hashes: sealed }, filled, size.slowPeers)
  contestDelta(bench, name, dataset, filled, count)
  filled.index.close()
  return p50
}

function recordCosts(bench: Bench, name: string, filled: FilledIndex, count: number): void {
  const { index, buildSeconds, grownBytes } = filled
  const { residentBytes, segments } = index.stats()
  bench.record({ case: name, metric: 'build', value: buildSeconds, unit: 's' })
  bench.record({
    case: name,
    metric: 'memory grown',
    value: grownBytes / count,
    unit: 'bytes/hash',
  })
  bench.record({
    case: name,
    metric: 'memory by its own account',
    value: residentBytes / count,
    unit: 'bytes/hash',
  })
  bench.record({ case: name, metric: 'segments', value: segments, unit: 'count' })
}

function contestSealed(
  bench: Bench,
  name: string,
  { hashes, queries }: Dataset,
  { index }: FilledIndex,
  slowPeers: Size['slowPeers'],
): number {
  const truth = openTruth(bench, hashes)
  const slow = slowPeers(bench, hashes)
  const result = contest({ truth, index, others: slow }, queries, { radius: RADIUS })
  recordTimes(bench, name, result)
  if ('read' in truth) {
    recordScanSpeed(bench, name, truth, hashes, result.truth.p50)
    recordCold(bench, name, truth, index, queries)
  }
  truth.close()
  for (const { contender } of slow) contender.close()
  return result.index.p50
}

/** Beside the speed at which one core reads the same memory: how good a peer the scan is. */
function recordScanSpeed(
  bench: Bench,
  name: string,
  scan: Scan,
  hashes: Uint8Array,
  scanUs: number,
): void {
  const reads = Array.from({ length: ROUNDS }, () => {
    const start = performance.now()
    scan.read()
    return (performance.now() - start) * 1e3
  })
  recordAgainst(bench, name, {
    metric: 'memory speed of the scan',
    unit: 'GB/s',
    value: hashes.length / scanUs / 1e3,
    peer: 'reading alone',
    peerValue: hashes.length / median(reads) / 1e3,
  })
}

/** Each search after a scan that has taken the caches for itself. */
function recordCold(
  bench: Bench,
  name: string,
  scan: Scan,
  index: FilledIndex['index'],
  queries: Uint8Array,
): void {
  const times = Array.from({ length: COLD_QUERIES }, (_, position) => {
    const query = { hash: hashAt(queries, position), radius: RADIUS }
    scan.read()
    const start = performance.now()
    index.search(query)
    return (performance.now() - start) * 1e3
  })
  bench.record({ case: name, metric: 'search p50, caches cold', value: median(times), unit: 'us' })
}

function contestDelta(
  bench: Bench,
  name: string,
  { hashes, queries }: Dataset,
  { index }: FilledIndex,
  sealedCount: number,
): void {
  for (let label = sealedCount; label < countOf(hashes); label += 1) {
    index.add(label, hashAt(hashes, label))
  }
  const truth = openTruth(bench, hashes)
  const fewer = queries.subarray(0, Math.floor(countOf(queries) / 2) * HASH256_BYTES)
  const result = contest({ truth, index }, fewer, { radius: RADIUS })
  recordTimes(bench, name, result, ', delta full')
  truth.close()
  // Afterwards, so that it shows that the delta stayed what it was.
  const { deltaHashes } = index.stats()
  bench.record({ case: name, metric: 'delta', value: deltaHashes, unit: 'hashes' })
}
