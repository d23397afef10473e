import { parentPort, workerData } from 'node:worker_threads'
import { openNativeIndex } from '../../src/index/index.ts'
import { countOf } from './dataset.ts'

/** What the adding thread is given. */
export interface AdderData {
  readonly handle: number
  /** The hashes in shared memory; labels are positions. */
  readonly hashes: Uint8Array
  /** One number in shared memory: how many hashes the index has been given. */
  readonly added: Int32Array
  readonly batch: number
}

/** What it tells at the end; before that, one message says that it has loaded. */
export interface AdderReport {
  readonly addSeconds: number
  readonly batchMs: readonly number[]
}

const { handle, hashes, added, batch } = workerData as AdderData
const index = openNativeIndex(handle)

parentPort?.once('message', () => {
  parentPort?.postMessage(addAll())
})
parentPort?.postMessage('loaded')

function addAll(): AdderReport {
  const batchMs: number[] = []
  const start = performance.now()
  for (let from = 0; from < countOf(hashes); from += batch) {
    const to = Math.min(from + batch, countOf(hashes))
    const labels = Uint32Array.from({ length: to - from }, (_, i) => from + i)
    const packed = Uint8Array.from(hashes.subarray(from * 32, to * 32))
    const batchStart = performance.now()
    index.addAll(labels, packed)
    batchMs.push(performance.now() - batchStart)
    Atomics.store(added, 0, to)
  }
  return { addSeconds: (performance.now() - start) / 1e3, batchMs }
}
