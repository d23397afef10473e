import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { filmMp4, sceneJpeg, tiffBomb } from '../../fixtures/index.ts'
import { type Config, configWith } from '../../src/config.ts'
import { createPatience } from '../../src/client/patience.ts'
import { systemRandom, type WorkerFile } from '../../src/core/index.ts'
import { type ErrorCode, HindraError } from '../../src/errors.ts'
import { fingerprintMedia, scanMedia } from '../../src/fingerprint/index.ts'
import { createPool, type Pool } from '../../src/pool/index.ts'
import { startChild } from '../store/child.ts'
import { createMemoryBudget, pixelMemoryOf } from '../../src/pool/pixel-memory.ts'

const MIB = 1024 * 1024
const { decode: limits } = configWith({})
const opened: Pool[] = []

afterEach(async () => {
  for (const pool of opened.splice(0)) await pool.close()
})

describe('pool', () => {
  let pool: Pool
  beforeAll(() => {
    pool = createPool({ settings: configWith({}).pool, limits })
  })
  afterAll(() => pool.close())

  it('gives what hashing in place gives, for pictures and films, many at once', async () => {
    const film = await filmMp4(23, { seconds: 1, width: 160, height: 120 })
    const files = [await sceneJpeg(21), await sceneJpeg(22), film]
    const expected = await Promise.all(files.map((bytes) => fingerprintMedia(bytes, limits)))
    const found = await Promise.all(files.map((bytes) => pool.fingerprint(Buffer.from(bytes))))
    expect(found).toEqual(expected)
  })

  it('scans as scanning in place does', async () => {
    const file = await sceneJpeg(28, { width: 500, height: 400 })
    const expected = await scanMedia(file, limits)
    expect(expected.hasher).toBe('pdq-shrunk')
    expect(await pool.scan(Uint8Array.from(file))).toEqual(expected)
    expect((await pool.fingerprint(Uint8Array.from(file))).hasher).toBe('pdq-fullres')
  })

  it('keeps the code of an error on its way from the worker', async () => {
    const cutOff = (await sceneJpeg(24)).subarray(0, 3000)
    await expect(pool.fingerprint(cutOff)).rejects.toMatchObject({
      name: 'HindraError',
      code: 'MEDIA_CORRUPT',
    })
    await expect(pool.fingerprint(new Uint8Array())).rejects.toMatchObject({ code: 'MEDIA_EMPTY' })
  })

  it('leaves the bytes as they are, alone in their memory or not', async () => {
    const file = await sceneJpeg(25)
    const alone = Uint8Array.from(file)
    const neighbours = new Uint8Array(file.length + 20).fill(7)
    const slice = neighbours.subarray(10, 10 + file.length)
    slice.set(file)
    const [one, other] = await Promise.all([pool.fingerprint(alone), pool.fingerprint(slice)])
    expect(one).toEqual(other)
    expect(Buffer.from(alone)).toEqual(Buffer.from(file))
    expect(Buffer.from(slice)).toEqual(Buffer.from(file))
    expect(neighbours.subarray(0, 10)).toEqual(new Uint8Array(10).fill(7))
  })

  it('takes the bytes wherever they come from', async () => {
    const made = await sceneJpeg(26)
    const expected = await fingerprintMedia(made, limits)
    const shared = new Uint8Array(new SharedArrayBuffer(made.length))
    shared.set(made)
    expect(await pool.fingerprint(shared)).toEqual(expected)
    // Memory of sharp's own, which Node refuses to move to another thread.
    expect(await pool.fingerprint(made)).toEqual(expected)
  })
})

describe('pool under load', () => {
  it('runs as many as it has threads, lets queueMax wait and refuses more', async () => {
    const pool = openBad({ threads: 1, queueMax: 2 })
    const running = pool.fingerprint(order('sleep 300'))
    const waiting = [pool.fingerprint(order('a')), pool.fingerprint(order('b'))]
    await sleep(0)
    expect(pool.queued).toBe(2)
    await expect(pool.fingerprint(order('c'))).rejects.toMatchObject({ code: 'OVERLOADED' })
    await running
    expect((await Promise.all(waiting)).map(({ md5 }) => md5)).toEqual(['a', 'b'])
    expect(pool.queued).toBe(0)
    expect(await pool.fingerprint(order('c'))).toMatchObject({ md5: 'c' })
  })

  it('does not count the wait for a worker as work', async () => {
    const pool = openBad({ threads: 1 }, { seconds: 3 })
    const work = [1, 2, 3].map(() => pool.fingerprint(order('sleep 1200')))
    await expect(Promise.all(work)).resolves.toHaveLength(3)
  })
})

describe('memory for what is decoded at once', () => {
  it('is waited for, and no file takes more than there is', async () => {
    const settings = { ...configWith({}).pool, threads: 3, decodeMib: 100 }
    const pool = createPool({ settings, limits })
    opened.push(pool)
    // Of 88 MiB each: two at once would be too many.
    const files = [1, 2, 3, 4].map(() => pool.fingerprint(tiffBomb([2_900])))
    expect((await Promise.all(files)).map(({ width }) => width)).toEqual(files.map(() => 2_900))
    await expect(pool.fingerprint(tiffBomb([3_100]))).rejects.toMatchObject({
      code: 'MEDIA_LIMIT',
      message: expect.stringMatching(/101 MiB, over pool.decodeMib/) as string,
    })
  })

  it('is held by each in place of what it held before, and refused while others hold it', () => {
    const budget = createMemoryBudget(100)
    const [a, b] = [budget.share(), budget.share()]
    const [first, second] = [pixelMemoryOf(a), pixelMemoryOf(b)]
    first.hold(60 * MIB, 0)
    first.hold(50 * MIB, 0)
    second.hold(50 * MIB, 0)
    expect(() => {
      second.hold(51 * MIB, 10)
    }).toThrow(expect.objectContaining({ code: 'OVERLOADED', status: 503 }) as Error)
    budget.takeBack(a)
    second.hold(100 * MIB, 0)
    second.hold(0, 0)
    first.hold(100 * MIB, 0)
  })

  it('comes back from a worker that was ended', async () => {
    const pool = openBad({ threads: 1, decodeMib: 64 }, { seconds: 1 })
    const hanging = pool.fingerprint(order('take-all'))
    await expect(hanging).rejects.toMatchObject({ code: 'DECODE_TIMEOUT' })
    const free = async () => (await pool.fingerprint(order('free'))).md5
    await expect.poll(free).toBe(String(64 * 1024))
  })
})

describe('pool with a worker that fails', () => {
  it.each(['loop', 'sleep 60000'])('ends the task that hangs (%s), and no other', async (hang) => {
    const pool = openBad({ threads: 2 }, { seconds: 2 })
    const hanging = pool.fingerprint(order(hang))
    const others = [pool.fingerprint(order('a')), pool.fingerprint(order('b'))]
    await expect(hanging).rejects.toMatchObject({ code: 'DECODE_TIMEOUT' })
    expect((await Promise.all(others)).map(({ md5 }) => md5)).toEqual(['a', 'b'])
    await expectTwoThreads(pool)
  })

  it.each(['exit', 'fill-heap', 'throw'])('reports the file alone (%s)', async (death) => {
    const pool = openBad({ threads: 2, memoryMib: 64 })
    const dying = pool.fingerprint(order(death))
    const others = ['a', 'b', 'c', 'd'].map((text) => pool.fingerprint(order(text)))
    await expect(dying).rejects.toMatchObject({ code: 'WORKER_DIED' })
    expect((await Promise.all(others)).map(({ md5 }) => md5)).toEqual(['a', 'b', 'c', 'd'])
    await expectTwoThreads(pool)
  })

  it('goes on after many deaths, also of workers that had hardly started', async () => {
    const pool = openBad({ threads: 1 })
    for (let round = 0; round < 3; round += 1) {
      await expect(pool.fingerprint(order('exit'))).rejects.toMatchObject({ code: 'WORKER_DIED' })
      const abort = new AbortController()
      const aborted = pool.fingerprint(order('sleep 60000'), { signal: abort.signal })
      abort.abort(new Error('no longer wanted'))
      await expect(aborted).rejects.toThrow('no longer wanted')
    }
    expect(await pool.fingerprint(order('a'))).toMatchObject({ md5: 'a' })
  })

  it('loses no file to a worker that dies between two', async () => {
    const pool = openBad({ threads: 1 })
    expect(await pool.fingerprint(order('die-later 50'))).toMatchObject({ md5: 'die-later 50' })
    await sleep(400)
    expect(await pool.fingerprint(order('a'))).toMatchObject({ md5: 'a' })
  })

  it('says so when no worker can start', async () => {
    const pool = openBad({ threads: 1 }, { worker: 'broken-worker' })
    for (let round = 0; round < 2; round += 1) {
      await expect(pool.fingerprint(order('a'))).rejects.toMatchObject({
        code: 'WORKER_NOT_STARTED',
        status: 503,
      })
    }
  })
})

it.each([
  ['apart', ['TOO_MANY_FILES']],
  ['beside', ['TOO_MANY_FILES', 'WORKER_NOT_STARTED']],
])(
  'without files left to open tells a fault of the server, never one of the file (%s)',
  async (where, told) => {
    const child = startChild(new URL('./few-files.ts', import.meta.url), [where])
    const said: string[] = []
    for await (const line of child.lines) said.push(line)
    expect(said).toHaveLength(15)
    const codes = new Set(said)
    codes.delete('done')
    expect(codes).toEqual(new Set(told))
    const patience = createPatience({}, systemRandom)
    for (const code of codes) {
      expect(patience.outlasts(new HindraError(code as ErrorCode, 'it passes'))).toBe(true)
    }
  },
)

describe('pool with an abort signal', () => {
  it('ends a running file and frees its thread', async () => {
    const pool = openBad({ threads: 1 })
    const abort = new AbortController()
    const running = pool.fingerprint(order('loop'), { signal: abort.signal })
    const next = pool.fingerprint(order('a'))
    setTimeout(() => {
      abort.abort(new Error('no longer wanted'))
    }, 200)
    await expect(running).rejects.toThrow('no longer wanted')
    expect(await next).toMatchObject({ md5: 'a' })
  })

  it('takes a waiting file out of the queue', async () => {
    const pool = openBad({ threads: 1 })
    const running = pool.fingerprint(order('sleep 300'))
    const abort = new AbortController()
    const waiting = pool.fingerprint(order('a'), { signal: abort.signal })
    const behind = pool.fingerprint(order('b'))
    await sleep(0)
    abort.abort(new Error('no longer wanted'))
    await expect(waiting).rejects.toThrow('no longer wanted')
    expect(pool.queued).toBe(1)
    await running
    expect(await behind).toMatchObject({ md5: 'b' })
  })

  it('does not begin when the signal has aborted before', async () => {
    const pool = openBad({ threads: 1 })
    const bytes = order('a')
    const signal = AbortSignal.abort(new Error('no longer wanted'))
    await expect(pool.fingerprint(bytes, { signal })).rejects.toThrow('no longer wanted')
    expect(bytes.byteLength).toBe(1)
  })
})

describe('pool that closes', () => {
  it('finishes what is under way and refuses what waits and what comes', async () => {
    const pool = openBad({ threads: 1 })
    const running = pool.fingerprint(order('sleep 300'))
    const waiting = pool.fingerprint(order('a'))
    await sleep(0)
    const closed = pool.close()
    await expect(waiting).rejects.toMatchObject({ code: 'OVERLOADED' })
    await expect(pool.fingerprint(order('b'))).rejects.toMatchObject({ code: 'OVERLOADED' })
    expect(await running).toMatchObject({ md5: 'sleep 300' })
    await closed
    await expect(pool.fingerprint(order('c'))).rejects.toMatchObject({ code: 'OVERLOADED' })
  })
})

/** Workers that do what the bytes say; a task may take as long as `seconds`. */
function openBad(
  settings: Partial<Config['pool']>,
  { seconds = 60, worker = 'bad-worker' } = {},
): Pool {
  const pool = createPool({
    settings: { ...configWith({}).pool, ...settings },
    worker: javaScript(worker),
    limits: { ...limits, secondsMax: seconds },
    marginSeconds: 0,
  })
  opened.push(pool)
  return pool
}

function javaScript(name: string): WorkerFile {
  return { url: new URL(`${name}.js`, import.meta.url), execArgv: [] }
}

/** Memory of their own, as bytes off the network have. */
function order(text: string): Uint8Array {
  return new TextEncoder().encode(text).slice()
}

/** Two files that take a while are under way at once only where both threads live. */
async function expectTwoThreads(pool: Pool): Promise<void> {
  const both = [pool.fingerprint(order('sleep 200')), pool.fingerprint(order('sleep 200'))]
  await sleep(0)
  expect(pool.queued).toBe(0)
  await expect(Promise.all(both)).resolves.toHaveLength(2)
}
