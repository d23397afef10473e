import { HASH256_BYTES } from '../../src/core/index.ts'
import type { NativeIndex } from '../../src/index/index.ts'
import type { Bench } from '../bench.ts'
import { median } from '../measure.ts'
import { ROUNDS } from './contest.ts'
import { countOf, hashAt, makeDataset } from './dataset.ts'
import { fillNative, hasNative } from './native.ts'
import { recordAgainst } from './report.ts'

const COUNT = 1e6
const RADIUS = 31
const QUERIES = 1200
/** Hashes of one picture: whole, seven dihedral, complement. */
const VIEWS = 9
const BATCH = 256
const BATCHES_IN_FLIGHT = 8
const BATCH_QUERIES = 40 * BATCH
const NEW_HASHES = 1000

/** What lies between JavaScript and the index: the call, several queries in one, batches. */
export async function benchCalls(bench: Bench): Promise<void> {
  if (!bench.wants('calls') || !hasNative(bench)) return
  const size = { count: COUNT, queries: BATCH_QUERIES * (ROUNDS + 1), radius: RADIUS }
  const { hashes, queries } = makeDataset('random', size, bench.seed)
  const { index } = await fillNative(hashes)
  measureCalls(bench, index, queries)
  measureViews(bench, index, queries)
  await measureBatches(bench, index, queries)
  measureVisibility(bench, index, bench.seed)
  index.close()
}

/** What a call adds: queries one by one against all of them in one call, in alternation. */
function measureCalls(bench: Bench, index: NativeIndex, queries: Uint8Array): void {
  const single: number[] = []
  const packed: number[] = []
  for (let round = 0; round <= ROUNDS; round += 1) {
    // The two halves of a round are for one way each: no query comes twice.
    const ones = slice(queries, 2 * round * QUERIES, QUERIES)
    const many = slice(queries, (2 * round + 1) * QUERIES, QUERIES)
    const one = timeUs(() => {
      askEach(index, ones)
    })
    const all = timeUs(() => index.searchAll(many, RADIUS))
    if (round === 0) continue
    single.push(one / QUERIES)
    packed.push(all / QUERIES)
  }
  recordAgainst(bench, 'calls', {
    metric: 'search, mean of single calls',
    unit: 'us',
    value: median(single),
    peer: 'many in one call',
    peerValue: median(packed),
  })
  const overhead = median(single) - median(packed)
  bench.record({ case: 'calls', metric: 'overhead of a call', value: overhead, unit: 'us' })
}

function measureViews(bench: Bench, index: NativeIndex, queries: Uint8Array): void {
  const together: number[] = []
  const apart: number[] = []
  for (let at = 0; at + 2 * VIEWS <= QUERIES * ROUNDS; at += 2 * VIEWS) {
    const first = slice(queries, at, VIEWS)
    const second = slice(queries, at + VIEWS, VIEWS)
    together.push(timeUs(() => index.searchAll(first, RADIUS)))
    apart.push(
      timeUs(() => {
        askEach(index, second)
      }),
    )
  }
  recordAgainst(bench, 'calls', {
    metric: `${VIEWS} views in one call, p50`,
    unit: 'us',
    value: median(together),
    peer: `${VIEWS} calls`,
    peerValue: median(apart),
  })
}

/** Batches on the thread pool, several in flight, against this thread alone. */
async function measureBatches(
  bench: Bench,
  index: NativeIndex,
  queries: Uint8Array,
): Promise<void> {
  const pooled: number[] = []
  const alone: number[] = []
  for (let round = 0; round <= ROUNDS; round += 1) {
    const asked = slice(queries, round * BATCH_QUERIES, BATCH_QUERIES)
    const start = performance.now()
    await askBatches(index, asked)
    const pooledSeconds = (performance.now() - start) / 1e3
    const aloneSeconds = timeUs(() => index.searchAll(asked, RADIUS)) / 1e6
    if (round === 0) continue
    pooled.push(BATCH_QUERIES / pooledSeconds)
    alone.push(BATCH_QUERIES / aloneSeconds)
  }
  recordAgainst(bench, 'calls', {
    metric: `batches of ${BATCH}, all cores`,
    unit: 'queries/s',
    value: median(pooled),
    peer: 'one thread',
    peerValue: median(alone),
  })
}

async function askBatches(index: NativeIndex, queries: Uint8Array): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < countOf(queries)) {
      const batch = slice(queries, next, BATCH)
      next += BATCH
      await index.searchAllAsync(batch, RADIUS)
    }
  }
  await Promise.all(Array.from({ length: BATCHES_IN_FLIGHT }, lane))
}

/** A fact, not a time: the query that follows an addition in the same tick finds it. */
function measureVisibility(bench: Bench, index: NativeIndex, seed: number): void {
  const size = { count: NEW_HASHES, queries: 0, radius: 0 }
  const { hashes } = makeDataset('random', size, seed + 1)
  let found = 0
  for (let position = 0; position < NEW_HASHES; position += 1) {
    const hash = hashAt(hashes, position)
    const label = COUNT + position
    if (position % 2 === 0) index.add(label, hash)
    else index.addAll(Uint32Array.of(label), hash)
    if (index.search({ hash, radius: 0 })[0]?.label === label) found += 1
  }
  if (found < NEW_HASHES) throw new Error(`${NEW_HASHES - found} hashes were not found at once`)
  bench.record({
    case: 'calls',
    metric: 'visible to the next query',
    value: found / NEW_HASHES,
    unit: 'share',
  })
}

function askEach(index: NativeIndex, hashes: Uint8Array): void {
  for (let position = 0; position < countOf(hashes); position += 1) {
    index.search({ hash: hashAt(hashes, position), radius: RADIUS })
  }
}

function slice(hashes: Uint8Array, from: number, count: number): Uint8Array {
  return hashes.subarray(from * HASH256_BYTES, (from + count) * HASH256_BYTES)
}

function timeUs(work: () => unknown): number {
  const start = performance.now()
  work()
  return (performance.now() - start) * 1e3
}
