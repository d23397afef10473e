import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSealer, systemRandom } from '../../src/core/index.ts'
import { HindraError, toHindraError } from '../../src/errors.ts'
import type { KnownPart } from '../../src/known/known-set.ts'
import { createShardCaller, type ShardCaller } from '../../src/known/shards/caller.ts'
import { openShardListener, type ShardServer } from '../../src/known/shards/listener.ts'
import { type ShardCall, sessionOf } from '../../src/known/shards/messages.ts'
import { openTestContext, type TestContext } from '../context.ts'
import { pictureOf } from '../register/material.ts'

const MIB = 1024 * 1024
const HIT = { method: 'pdq', distance: 3, view: 'whole', quality: 90, itemQuality: 80 } as const

describe('what servers ask each other of known material', () => {
  let context: TestContext
  let listener: ShardServer
  const callers: ShardCaller[] = []
  const opened: Socket[] = []
  let searched = 0
  /** Answers each search with the SHA-256 that it was given. */
  const part: { -readonly [Key in keyof KnownPart]: KnownPart[Key] } = {
    search({ sha256 }) {
      searched += 1
      return Promise.resolve([{ ...HIT, itemId: String(sha256) }])
    },
    searchHashes: () => Promise.resolve([]),
    proposals: (seen) => Promise.resolve({ voted: [], pictures: seen[1] ?? 0, all: [] }),
    resembling: () => Promise.resolve([]),
  }

  beforeEach(async () => {
    context = await openTestContext()
    searched = 0
    listener = await openShardListener({ ...context, random: systemRandom }, part, '127.0.0.1:0')
  })
  afterEach(async () => {
    for (const caller of callers.splice(0)) await caller.close()
    for (const socket of opened.splice(0)) socket.destroy()
    await listener.close()
    await context.dispose()
  })

  function callerBy(key: number): ShardCaller {
    const sealer = createSealer(Buffer.alloc(32, key), systemRandom)
    const asker = { store: context.store, sealer, random: systemRandom }
    const caller = createShardCaller(asker, listener.address, 2_000)
    callers.push(caller)
    return caller
  }

  it('is answered to each question, many at once', async () => {
    const { part: remote } = callerBy(7)
    const pictures = Array.from({ length: 600 }, (_, seed) => pictureOf(seed))
    const found = await Promise.all(pictures.map((picture) => remote.search(picture, 31)))
    expect(found).toEqual(pictures.map(({ sha256 }) => [{ ...HIT, itemId: sha256 }]))
    const seen = Uint8Array.of(1, 2, 3)
    expect(await remote.proposals(seen, 20)).toEqual({ voted: [], pictures: 2, all: [] })
  })

  it('is no answer where a newer version names a fault that this one has no word for', async () => {
    const later = Object.assign(new HindraError('INTERNAL', 'later'), {
      code: 'OF_A_LATER_VERSION',
    })
    part.searchHashes = () => Promise.reject(later)
    const asked = callerBy(7).part.searchHashes([], { radius: 31, derivedRadius: 31 })
    await expect(asked).rejects.toMatchObject({ code: 'SHARD_MISSING', status: 503 })
  })

  it('is refused to who has another key, and to who has none', async () => {
    const { part: remote } = callerBy(8)
    const code = await remote.search(pictureOf(1), 31).then(
      () => 'found',
      (error: unknown) => toHindraError(error).code,
    )
    expect(code).toBe('SHARD_MISSING')
    const url = `http://${listener.address}`
    const name = '0'.repeat(32)
    for (const [path, init] of [
      ['/', {}],
      [`/${name}`, { method: 'POST', body: 'a question' }],
      [`/${name}`, { method: 'POST', body: Buffer.alloc(400, 1) }],
      ['/v1/health', { method: 'POST', body: 'a question' }],
    ] as const) {
      const answer = await fetch(`${url}${path}`, init)
      expect([answer.status, await answer.text()]).toEqual([400, ''])
    }
    expect(searched).toBe(0)
  })

  /** Strangers on this machine: they announce as much as is taken, send so much of it, and hold. */
  async function strangers(count: number, localAddress: string, sentBytes: number) {
    const { hostname, port } = new URL(`http://${listener.address}`)
    const head = `POST /${'0'.repeat(32)} HTTP/1.1\r\nhost: x\r\ncontent-length: ${String(64 * MIB)}\r\n\r\n`
    const sockets = Array.from({ length: count }, () => {
      const socket = connect({ host: hostname, port: Number(port), localAddress })
      const [answers, closed] = [[] as string[], { atMs: 0 }]
      socket.on('error', () => undefined)
      socket.on('data', (bytes) => answers.push(String(bytes)))
      socket.once('close', () => {
        closed.atMs = performance.now()
      })
      socket.write(head)
      if (sentBytes > 0) socket.write(Buffer.alloc(sentBytes))
      return { socket, answers, closed }
    })
    opened.push(...sockets.map(({ socket }) => socket))
    // Until what they sent has come, or was refused.
    await Promise.all(
      sockets.map(async ({ socket, answers, closed }) => {
        const isThere = () => socket.bytesWritten >= head.length + sentBytes
        const isSettled = () => closed.atMs > 0 || answers.length > 0
        while (!(isThere() && socket.writableLength === 0) && !isSettled()) await sleep(5)
      }),
    )
    return sockets
  }

  const isRefused = ({ answers, closed }: Awaited<ReturnType<typeof strangers>>[number]) =>
    closed.atMs > 0 || answers.join('').includes(' 503 ')
  const PATIENCE = { timeout: 10_000 }
  const asked = () => callerBy(7).part.search(pictureOf(1), 31)
  const found = [{ ...HIT, itemId: pictureOf(1).sha256 }]

  it('is answered while strangers announce much and send nothing, who are cut off in time', async () => {
    const startedMs = performance.now()
    const silent = await strangers(40, '127.0.0.1', 0)
    expect(await asked()).toEqual(found)
    while (silent.some(({ closed }) => closed.atMs === 0)) await sleep(50)
    expect(await asked()).toEqual(found)
    const seconds = silent.map(({ closed }) => (closed.atMs - startedMs) / 1_000)
    expect(Math.max(...seconds)).toBeLessThan(13)
    expect(Math.min(...seconds)).toBeGreaterThan(9)
  }, 20_000)

  it('is answered while strangers send as much as they may, or have as many connections', async () => {
    // Three of them have all that one address may hold.
    const loud = await strangers(8, '127.0.0.2', 20 * MIB)
    await expect.poll(() => loud.filter(isRefused), PATIENCE).toHaveLength(5)
    expect(await asked()).toEqual(found)
    const many = await strangers(200, '127.0.0.3', 0)
    await expect.poll(() => many.filter((one) => !isRefused(one)), PATIENCE).toHaveLength(64)
    expect(await asked()).toEqual(found)
    expect(loud.filter(isRefused)).toHaveLength(5)
    for (const { socket } of [...loud, ...many]) socket.destroy()
    const next = async () => (await strangers(1, '127.0.0.2', 20 * MIB)).filter(isRefused)
    await expect.poll(next, PATIENCE).toEqual([])
  }, 30_000)

  it('crosses the network sealed, and an answer is one to its question alone', () => {
    const sealer = createSealer(Buffer.alloc(32, 7), systemRandom)
    const session = sessionOf('a', sealer, systemRandom)
    const { sha256 } = pictureOf(1)
    const call: ShardCall = { method: 'search', given: [pictureOf(1), 31] }
    const sealed = session.sealQuestions({ after: '', nonce: 'n', calls: [call] })
    expect(Buffer.from(sealed).includes(sha256)).toBe(false)
    expect(session.openQuestions(sealed).calls).toEqual([call])
    const answer = session.sealAnswers([{ found: [] }], 'n')
    expect(session.openAnswers(answer, 'n')).toEqual([{ found: [] }])
    for (const open of [
      () => session.openAnswers(answer, 'another'),
      () => session.openAnswers(sealed, 'n'),
      () => session.openQuestions(answer),
      () => sessionOf('b', sealer, systemRandom).openAnswers(answer, 'n'),
    ]) {
      expect(open).toThrow()
    }
  })
})
