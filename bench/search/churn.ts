import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { SeededRandom, workerFile } from '../../src/core/index.ts'
import { createNativeIndex, type NativeIndex } from '../../src/index/index.ts'
import type { Bench } from '../bench.ts'
import { percentile } from '../measure.ts'
import type { AdderData, AdderReport } from './churn-adder.ts'
import { countOf, hashAt, makeDataset } from './dataset.ts'
import { hasNative } from './native.ts'

const RADIUS = 31
const INTERVAL_MS = 1
/** Adds a call, as an import gives them: a page. */
const BATCH = 1000
/** A sleeper wakes up later than asked: the last part of the wait is spent awake. */
const AWAKE_MS = 0.3

/**
 * One thread adds all the hashes as fast as it can while this one asks 1,000 times a second. A
 * query's time runs from when it was due, so that a stall counts for all who would have waited in
 * it. Every query is for a hash that was added before, and must find it.
 */
export async function benchChurn(bench: Bench, count: number): Promise<void> {
  if (!bench.wants('churn') || !hasNative(bench)) return
  const { hashes: made } = makeDataset('random', { count, queries: 0, radius: 0 }, bench.seed)
  const hashes = new Uint8Array(new SharedArrayBuffer(made.length))
  hashes.set(made)
  const index = createNativeIndex()
  const added = new Int32Array(new SharedArrayBuffer(4))
  const worker = await startAdder({ handle: index.handle, hashes, added, batch: BATCH })
  const reported = once(worker, 'message')
  worker.postMessage('start')
  const times = askWhileAdding(index, hashes, added, bench.seed)
  const [{ addSeconds, batchMs }] = (await reported) as [AdderReport]
  const start = performance.now()
  await index.idle()
  const mergeSeconds = (performance.now() - start) / 1e3
  index.close()

  bench.note(`churn: ${count} adds, ${times.length} queries`)
  const record = (metric: string, value: number, unit: string) => {
    bench.record({ case: 'churn', metric, value, unit })
  }
  for (const percent of [50, 99, 99.9, 100]) {
    record(`query p${percent}, from when due`, percentile(times, percent), 'ms')
  }
  record('adds', count / addSeconds, 'hashes/s')
  for (const percent of [50, 99, 100]) {
    record(`addAll of ${BATCH} p${percent}`, percentile(batchMs, percent), 'ms')
  }
  record('merging after the last add', mergeSeconds, 's')
}

async function startAdder(workerData: AdderData): Promise<Worker> {
  const { url, execArgv } = workerFile('churn-adder', import.meta.url)
  const worker = new Worker(url, { workerData, execArgv: [...execArgv] })
  await once(worker, 'message')
  return worker
}

/** Milliseconds from when each query was due until its answer, in order. */
function askWhileAdding(
  index: NativeIndex,
  hashes: Uint8Array,
  added: Int32Array,
  seed: number,
): number[] {
  const random = new SeededRandom(seed)
  const times: number[] = []
  const start = performance.now()
  for (;;) {
    const known = Atomics.load(added, 0)
    if (known === countOf(hashes)) return times
    const due = start + times.length * INTERVAL_MS
    waitUntil(due)
    if (known === 0) {
      index.search({ hash: hashAt(hashes, 0), radius: RADIUS })
    } else {
      // Every other query is for what came last: it is in the delta, or on its way out of it.
      const label = times.length % 2 === 0 ? known - 1 : random.integer(0, known - 1)
      const [hit] = index.search({ hash: hashAt(hashes, label), radius: RADIUS })
      if (hit?.label !== label) throw new Error(`a hash that was added is not found: ${label}`)
    }
    times.push(performance.now() - due)
  }
}

const sleeper = new Int32Array(new SharedArrayBuffer(4))

function waitUntil(due: number): void {
  const rest = due - performance.now() - AWAKE_MS
  if (rest > 0) Atomics.wait(sleeper, 0, 0, rest)
  while (performance.now() < due);
}
