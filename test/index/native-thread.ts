// A thread that searches the index of another one until it is told to end, or is terminated.
import { parentPort, workerData } from 'node:worker_threads'
import { SeededRandom } from '../../src/core/index.ts'
import { openNativeIndex } from '../../src/index/index.ts'

const { handle, stop, hashes } = workerData as {
  handle: number
  stop: Int32Array
  hashes: Uint8Array
}
const index = openNativeIndex(handle)
const random = new SeededRandom(handle)
const count = hashes.length / 32
parentPort?.postMessage('open')
let searches = 0
let missed = 0
while (Atomics.load(stop, 0) === 0) {
  const label = random.integer(0, count - 1)
  const hash = hashes.slice(32 * label, 32 * label + 32)
  const [nearest] = index.search({ hash, radius: 31 }, 1)
  searches += 1
  if (nearest?.label !== label || nearest.distance !== 0) missed += 1
}
const { size } = index
index.close()
parentPort?.postMessage({ searches, missed, size })
