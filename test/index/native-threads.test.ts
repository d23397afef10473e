import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { SeededRandom, workerFile } from '../../src/core/index.ts'
import { createNativeIndex, type NativeIndex, openNativeIndex } from '../../src/index/index.ts'
import { hasNativeCore } from './native-core.ts'

const STABLE = 500
const CHURN_MS = 1_500
const PROGRAM = new URL('native-thread.ts', import.meta.url)
const { execArgv } = workerFile('native-thread', import.meta.url)

interface Result {
  readonly searches: number
  readonly missed: number
  readonly size: number
}

describe.runIf(hasNativeCore())('a native index among threads', () => {
  const random = new SeededRandom(11)
  const hashes = random.bytes(32 * STABLE)
  const workers: Worker[] = []

  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.terminate()))
  })

  function filled(): NativeIndex {
    const index = createNativeIndex()
    index.addAll(
      Uint32Array.from({ length: STABLE }, (_, i) => i),
      hashes,
    )
    return index
  }

  async function searcher(handle: number, stop: Int32Array): Promise<Worker> {
    const worker = new Worker(PROGRAM, {
      workerData: { handle, stop, hashes },
      execArgv: [...execArgv],
    })
    workers.push(worker)
    await once(worker, 'message')
    return worker
  }

  it('is searched by several while one adds, removes and closes', async () => {
    const stop = new Int32Array(new SharedArrayBuffer(4))
    const index = filled()
    const searchers = [await searcher(index.handle, stop), await searcher(index.handle, stop)]
    const results = searchers.map(async (worker) => {
      const [result] = (await once(worker, 'message')) as [Result]
      return result
    })
    const labels = Uint32Array.from({ length: 5_000 }, (_, i) => STABLE + i)
    for (const start = performance.now(); performance.now() - start < CHURN_MS; ) {
      index.addAll(labels, random.bytes(32 * labels.length))
      if (random.integer(0, 3) === 0) expect(index.removeAll(labels)).toBe(labels.length)
      const label = random.integer(0, STABLE - 1)
      index.add(label, hashes.subarray(32 * label, 32 * label + 32))
      await new Promise((resolve) => setImmediate(resolve))
    }
    index.removeAll(labels)
    const { handle } = index
    index.close()
    expect(openAndClose(handle)).toBe(STABLE)
    Atomics.store(stop, 0, 1)
    for (const { searches, missed, size } of await Promise.all(results)) {
      expect(searches).toBeGreaterThan(0)
      expect(missed).toBe(0)
      expect(size).toBe(STABLE)
    }
    expect(() => openNativeIndex(handle)).toThrow(
      expect.objectContaining({ code: 'INDEX_INVALID' }) as Error,
    )
  })

  it('outlives a thread that is terminated in the middle of a search', async () => {
    const index = filled()
    for (let round = 0; round < 12; round += 1) {
      const stop = new Int32Array(new SharedArrayBuffer(4))
      const worker = await searcher(index.handle, stop)
      index.add(STABLE + round, random.bytes(32))
      await worker.terminate()
      const hash = hashes.slice(0, 32)
      expect(index.search({ hash, radius: 0 })).toEqual([{ label: 0, distance: 0 }])
    }
    const { handle } = index
    index.close()
    expect(() => openNativeIndex(handle)).toThrow(
      expect.objectContaining({ code: 'INDEX_INVALID' }) as Error,
    )
  })

  it('ends with a thread that dies holding the last handle of it', async () => {
    const index = filled()
    const { handle } = index
    const stop = new Int32Array(new SharedArrayBuffer(4))
    const worker = await searcher(handle, stop)
    index.close()
    expect(openAndClose(handle)).toBe(STABLE)
    await worker.terminate()
    expect(() => openNativeIndex(handle)).toThrow(
      expect.objectContaining({ code: 'INDEX_INVALID' }) as Error,
    )
  })
})

/** How many hashes are there. */
function openAndClose(handle: number): number {
  const again = openNativeIndex(handle)
  const { size } = again
  again.close()
  return size
}
