import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { indexSource, type SearchIndex } from '../../src/index/index.ts'
import { searchIndexContract } from '../contract/search-index.ts'

const HASH = new Uint8Array(32).fill(7)
const built = fileURLToPath(new URL('../../dist/src/index/index.js', import.meta.url))

searchIndexContract('linear', 'linear', { exact: true, saves: true })
searchIndexContract('hnsw', 'hnsw', { exact: false, saves: false })

describe('index thread', () => {
  const opened: SearchIndex[] = []
  const open = async (kind: 'linear' | 'hnsw' = 'linear') => {
    const thread = await indexSource(kind).open()
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

  it('refuses what no index has saved', async () => {
    async function* chunks(...lengths: readonly number[]) {
      for (const length of lengths) yield await Promise.resolve(new Uint8Array(length))
    }
    for (const saved of [chunks(0), chunks(36, 35), chunks(36 * 4_097)]) {
      await expect(indexSource('linear').open(saved)).rejects.toMatchObject({
        code: 'INDEX_CORRUPT',
      })
    }
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
    const waiting = [thread.size(), thread.search(HASH, 1)]
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

  it.skipIf(!existsSync(built))('may be closed while it adds, and the process goes on', () => {
    const script = `
      const { indexSource } = await import(${JSON.stringify(pathToFileURL(built).href)})
      const { createHash } = await import('node:crypto')
      const hashes = Array.from({ length: 1_000 }, (_, i) => createHash('sha256').update(String(i)).digest())
      const entries = { labels: Uint32Array.from(hashes.keys()), hashes: new Uint8Array(Buffer.concat(hashes)) }
      for (let times = 0; times < 40; times += 1) {
        const thread = await indexSource('hnsw').open()
        const added = thread.add(entries).catch(({ code }) => code)
        await new Promise((resolve) => setTimeout(resolve, times % 20))
        await thread.close()
        console.log(await added)
      }`
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    })
    expect(run.stderr).toBe('')
    expect(run.stdout).toBe('INDEX_INVALID\n'.repeat(40))
  })

  it.skipIf(!existsSync(built))('runs from what was built, without a loader', () => {
    const script = `
      const { indexSource } = await import(${JSON.stringify(pathToFileURL(built).href)})
      for (const kind of ['linear', 'hnsw']) {
        const thread = await indexSource(kind).open()
        await thread.add({ labels: Uint32Array.of(7), hashes: new Uint8Array(32) })
        const { labels, distances } = await thread.search(new Uint8Array(32), 0)
        console.log(kind, ...labels, ...distances)
        await thread.close()
      }`
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    })
    expect(run.stderr).toBe('')
    expect(run.stdout).toBe('linear 7 0\nhnsw 7 0\n')
  })
})
