import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { SeededRandom } from '../../src/core/index.ts'
import { createLinearIndex, indexSource, type SearchIndex } from '../../src/index/index.ts'
import { entries, searchOne, unpacked } from './packed.ts'

const random = new SeededRandom(3)
const HASH = random.bytes(32)
const built = fileURLToPath(new URL('../../dist/src/index/index.js', import.meta.url))

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

  it.each(['linear', 'hnsw'] as const)('holds an index of kind %s', async (kind) => {
    const thread = await open(kind)
    expect([thread.kind, thread.exact]).toEqual([kind, kind === 'linear'])
    await thread.add(entries([2 ** 32 - 2, HASH]))
    expect(await searchOne(thread, HASH, 0)).toEqual([{ label: 2 ** 32 - 2, distance: 0 }])
  })

  it('answers many queries at once as the index itself does', async () => {
    const thread = await open()
    const index = createLinearIndex()
    const hashes = Array.from({ length: 500 }, (_, label) => nearby(label % 9))
    hashes.forEach((hash, label) => {
      index.add(label, hash)
    })
    await thread.add(entries(...hashes.map((hash, label) => [label, hash] as const)))
    await thread.remove(Uint32Array.of(3, 4, 5, 100_000))
    for (const label of [3, 4, 5]) index.remove(label)
    const queries = Array.from({ length: 40 }, (_, i) => ({ hash: nearby(i % 12), radius: i % 65 }))
    const packed = Uint8Array.from(queries.flatMap(({ hash }) => [...hash]))
    const radii = Uint8Array.from(queries, ({ radius }) => radius)
    expect(await thread.size()).toBe(497)
    expect(unpacked(await thread.search(packed, radii))).toEqual(
      queries.map((query) => index.search(query)),
    )
    expect(unpacked(await thread.search(packed, 31))).toEqual(
      queries.map(({ hash }) => index.search({ hash, radius: 31 })),
    )
    expect(unpacked(await thread.search(new Uint8Array(), 31))).toEqual([])
  })

  it('does not take the memory of its caller', async () => {
    const thread = await open()
    const hash = Uint8Array.from(HASH)
    await thread.add(entries([1, hash]))
    await searchOne(thread, hash, 1)
    expect(hash).toEqual(HASH)
  })

  it('is saved as it was when it was asked, and goes on from there', async () => {
    const thread = await open()
    const hashes = Array.from({ length: 5_000 }, () => random.bytes(32))
    await thread.add(entries(...hashes.map((hash, label) => [label, hash] as const)))
    await thread.remove(Uint32Array.of(7))
    const saved = thread.save()
    await thread.add(entries([9_000, HASH]))
    await thread.remove(Uint32Array.of(8))
    const again = await indexSource('linear').open(saved)
    opened.push(again)
    expect(await again.size()).toBe(4_999)
    expect(await searchOne(again, hashes[8] ?? HASH, 0)).toEqual([{ label: 8, distance: 0 }])
    expect(await searchOne(again, hashes[4_999] ?? HASH, 0)).toEqual([
      { label: 4_999, distance: 0 },
    ])
    expect(await searchOne(again, HASH, 0)).toEqual([])
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

  it('cannot be saved where building it is what takes the time', async () => {
    expect((await open('hnsw')).save()).toBeUndefined()
  })

  it('answers in the order of the calls', async () => {
    const thread = await open()
    const [before, , between, , after] = await Promise.all([
      thread.size(),
      thread.add(entries([1, HASH])),
      thread.size(),
      thread.remove(Uint32Array.of(1)),
      thread.size(),
    ])
    expect([before, between, after]).toEqual([0, 1, 0])
  })

  it.each<[string, (thread: SearchIndex) => Promise<unknown>]>([
    ['a label', (thread) => thread.add(entries([2 ** 32 - 1, HASH]))],
    [
      'labels without hashes',
      (thread) => thread.add({ ...entries([1, HASH]), hashes: HASH.slice(1) }),
    ],
    ['a removal', (thread) => thread.remove(Uint32Array.of(1, 2 ** 32 - 1))],
    ['plain labels', (thread) => thread.remove([1] as unknown as Uint32Array)],
    ['half a hash', (thread) => thread.search(HASH.slice(16), 31)],
    ['a radius', (thread) => thread.search(HASH, 65)],
    ['no radius', (thread) => thread.search(HASH, Number.NaN)],
    ['one radius of many', (thread) => thread.search(HASH, Uint8Array.of(65))],
    ['a radius too few', (thread) => thread.search(HASH, new Uint8Array())],
  ])('refuses %s out of range as the index does', async (_, call) => {
    const thread = await open()
    await expect(call(thread)).rejects.toMatchObject({ code: 'INDEX_INVALID' })
    expect(await thread.size()).toBe(0)
  })

  it('adds nothing of a call that holds one bad entry', async () => {
    const thread = await open()
    const call = thread.add(entries([1, HASH], [2 ** 32 - 1, HASH]))
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

/** A hash about `distance` bits away from HASH. */
function nearby(distance: number): Uint8Array {
  const hash = Uint8Array.from(HASH)
  for (let i = 0; i < distance; i += 1) {
    const bit = random.integer(0, 255)
    hash[bit >> 3] = (hash[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  }
  return hash
}
