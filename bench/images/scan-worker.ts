import { parentPort, workerData } from 'node:worker_threads'
import { configWith } from '../../src/config.ts'
import { scanMedia } from '../../src/fingerprint/index.ts'

const { decode: limits } = configWith({})
const files = workerData as readonly Uint8Array[]

/** A thread that scans its share of the files whenever it is told to, and says when it has. */
parentPort?.on('message', () => {
  void scanAll().then(() => parentPort?.postMessage('scanned'))
})

async function scanAll(): Promise<void> {
  for (const bytes of files) await scanMedia(bytes, limits)
}
