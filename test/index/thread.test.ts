import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { SeededRandom } from '../../src/core/index.ts'
import {
  createLinearIndex,
  type HashQuery,
  type IndexThread,
  openIndexThread,
} from '../../src/index/index.ts'

const random = new SeededRandom(3)
const HASH = random.bytes(32)
const built = fileURLToPath(new URL('../../dist/src/index/index.js', import.meta.url))

describe('index thread', () => {
  const opened: IndexThread[] = []
  const open = async (kind: 'linear' | 'hnsw' = 'linear') => {
    const thread = await openIndexThread(kind)
    opened.push(thread)
    return thread
  }
  /** The thread as the process sees it, to end it from outside. */
  const openWithWorker = async () => {
    const started = new Promise<Worker>((resolve) => process.once('worker', resolve))
    return { thread: await open(), worker: await started }
  }
  afterEach(async () => {
    for (const thread of opened.splice(0)) await thread.close()
  })

  it.each(['linear', 'hnsw'] as const)('holds an index of kind %s', async (kind) => {
    const thread = await open(kind)
    expect(thread.exact).toBe(kind === 'linear')
    await thread.add([{ label: 2 ** 32 - 2, hash: HASH }])
    expect(await thread.search([{ hash: HASH, radius: 0 }])).toEqual([
      [{ label: 2 ** 32 - 2, distance: 0 }],
    ])
  })

  it('answers many queries at once as the index itself does', async () => {
    const thread = await open()
    const index = createLinearIndex()
    const entries = Array.from({ length: 500 }, (_, label) => ({ label, hash: nearby(label % 9) }))
    for (const { label, hash } of entries) index.add(label, hash)
    await thread.add(entries)
    await thread.remove([3, 4, 5, 100_000])
    for (const label of [3, 4, 5]) index.remove(label)
    const queries: HashQuery[] = Array.from({ length: 40 }, (_, i) => ({
      hash: nearby(i % 12),
      radius: i % 65,
    }))
    expect(await thread.size()).toBe(497)
    expect(await thread.search(queries)).toEqual(queries.map((query) => index.search(query)))
    expect(await thread.search(queries, 3)).toEqual(queries.map((query) => index.search(query, 3)))
    expect(await thread.search([])).toEqual([])
  })

  it('does not take the memory of its caller', async () => {
    const thread = await open()
    const hash = Uint8Array.from(HASH)
    await thread.add([{ label: 1, hash }])
    await thread.search([{ hash, radius: 1 }])
    expect(hash).toEqual(HASH)
  })

  it('answers in the order of the calls', async () => {
    const thread = await open()
    const [before, , between, , after] = await Promise.all([
      thread.size(),
      thread.add([{ label: 1, hash: HASH }]),
      thread.size(),
      thread.remove([1]),
      thread.size(),
    ])
    expect([before, between, after]).toEqual([0, 1, 0])
  })

  it.each([
    ['a label', (thread: IndexThread) => thread.add([{ label: 1.5, hash: HASH }])],
    ['a hash', (thread: IndexThread) => thread.add([{ label: 1, hash: HASH.subarray(1) }])],
    ['a removal', (thread: IndexThread) => thread.remove([Number.NaN])],
    ['a radius', (thread: IndexThread) => thread.search([{ hash: HASH, radius: 65 }])],
    ['a limit', (thread: IndexThread) => thread.search([{ hash: HASH, radius: 1 }], 0)],
  ])('refuses %s out of range as the index does', async (_, call) => {
    const thread = await open()
    await expect(call(thread)).rejects.toMatchObject({ code: 'INDEX_INVALID' })
  })

  it('adds nothing of a call that holds one bad entry', async () => {
    const thread = await open()
    const call = thread.add([
      { label: 1, hash: HASH },
      { label: -1, hash: HASH },
    ])
    await expect(call).rejects.toMatchObject({ code: 'INDEX_INVALID' })
    expect(await thread.size()).toBe(0)
  })

  it('refuses waiting and later calls once closed', async () => {
    const thread = await open()
    const waiting = thread.size()
    const closing = thread.close()
    await expect(waiting).rejects.toMatchObject({ code: 'INDEX_INVALID' })
    await closing
    await expect(thread.size()).rejects.toMatchObject({ code: 'INDEX_INVALID' })
    await thread.close()
  })

  it('says on every waiting and later call that the thread ended by itself', async () => {
    const { thread, worker } = await openWithWorker()
    // Ending it first: a worker that is told to end takes up nothing more, however busy the machine.
    const ending = worker.terminate()
    const waiting = [thread.size(), thread.search([{ hash: HASH, radius: 1 }])]
    const refused = waiting.map((call) =>
      expect(call).rejects.toMatchObject({ code: 'INDEX_LOST' }),
    )
    await ending
    await Promise.all(refused)
    await expect(thread.size()).rejects.toMatchObject({ code: 'INDEX_LOST' })
  })

  it('says why the thread failed', async () => {
    const { thread, worker } = await openWithWorker()
    worker.postMessage(null)
    await expect(thread.size()).rejects.toMatchObject({
      code: 'INDEX_LOST',
      cause: expect.any(TypeError) as unknown,
    })
  })

  it.skipIf(!existsSync(built))('runs from what was built, without a loader', () => {
    const script = `
      const { openIndexThread } = await import(${JSON.stringify(pathToFileURL(built).href)})
      for (const kind of ['linear', 'hnsw']) {
        const thread = await openIndexThread(kind)
        const hash = new Uint8Array(32)
        await thread.add([{ label: 7, hash }])
        console.log(kind, JSON.stringify(await thread.search([{ hash, radius: 0 }])))
        await thread.close()
      }`
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    })
    expect(run.stderr).toBe('')
    expect(run.stdout).toBe(
      'linear [[{"label":7,"distance":0}]]\nhnsw [[{"label":7,"distance":0}]]\n',
    )
  })
})

/** A hash about `distance` bits away from HASH. */
function nearby(distance: number): Uint8Array {
  const hash = Uint8Array.from(HASH)
  for (let i = 0; i < distance; i += 1) {
    const bit = random.integer(0, 255)
    hash[bit >> 3] = (hash[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  }
  return hash
}
