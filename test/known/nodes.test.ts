import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAudit } from '../../src/audit/index.ts'
import { createIds, ManualClock, SeededRandom } from '../../src/core/index.ts'
import { toHindraError } from '../../src/errors.ts'
import { indexSource } from '../../src/index/index.ts'
import { openCorpus, openNeighbourhood } from '../../src/known/index.ts'
import { createRegister, type Register } from '../../src/register/index.ts'
import { removeStore, restoreStore, type StoredPair } from '../../src/store/index.ts'
import { NO_POSTGRES, postgresPrograms, PostgresServer } from '../../fixtures/servers/postgres.ts'
import { configWith } from '../../src/config.ts'
import { createFaults } from '../../src/watch/faults.ts'
import { person, pictureOf } from '../register/material.ts'
import { type Child, startChild } from '../store/child.ts'
import { TcpProxy } from '../store/tcp-proxy.ts'
import { type Node, openNode } from './node.ts'

const ANNA = person('anna')
const PATIENCE_MS = 500
/** Longer than what is seen of the store is believed. */
const EXPIRED_MS = 1_500
const SOON = { timeout: 20_000, interval: 20 }

if (postgresPrograms === undefined) console.warn(NO_POSTGRES)

describe.skipIf(postgresPrograms === undefined)('several matchers of one house', () => {
  let server: PostgresServer
  let proxy: TcpProxy
  let schema = 0
  const closing: (() => Promise<unknown>)[] = []
  beforeAll(async () => {
    server = await PostgresServer.start()
  })
  afterAll(() => server.end())
  beforeEach(async () => {
    schema += 1
    proxy = await TcpProxy.to(server.port)
    closing.push(() => proxy.close())
  })
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })

  const url = (by?: TcpProxy) => server.url(`nodes_${schema}`, by)

  async function open(options: Partial<Parameters<typeof openNode>[0]> = {}): Promise<Node> {
    const node = await openNode({ url: url(), patienceMs: PATIENCE_MS, ...options })
    closing.push(() => node.close())
    return node
  }

  /** One whose network can be held and cut. */
  const openBehind = (options = {}) => open({ url: url(proxy), ...options })

  function codeOf(answer: Promise<unknown>): Promise<string> {
    return answer.then(
      (found) => JSON.stringify(found),
      (error: unknown) => toHindraError(error).code,
    )
  }

  it('find what any of them was answered before they were asked, and nothing that was taken away', async () => {
    const nodes = [await open(), await open(), await open()]
    for (let seed = 0; seed < 30; seed += 1) {
      const [one, other] = [nodes[seed % 3], nodes[(seed + 1) % 3]] as [Node, Node]
      const id = await one.propose(seed)
      const version = one.context.store.version()
      await other.authenticate()
      // Where it says that it has followed up to there, nothing is missing.
      expect(other.set.position >= version ? other.set.items : 1).toBe(1)
      expect(await other.found(seed)).toEqual([id])
      await one.retract(id)
      await other.authenticate()
      expect(await other.found(seed)).toEqual([])
    }
  })

  it('follow each other by themselves', async () => {
    const [one, other] = [await open(), await open()]
    const id = await one.propose(1)
    await expect.poll(() => other.set.items, SOON).toBe(1)
    await one.retract(id)
    await expect.poll(() => other.set.items, SOON).toBe(0)
  })

  it('say up to where they have followed, also where nothing of the register changes', async () => {
    const [one, other] = [await open(), await open()]
    await one.propose(1)
    for (let n = 0; n < 400; n += 1) {
      await one.context.store.transact((tx) => {
        tx.add(['count'], 1)
        return Promise.resolve()
      })
    }
    const { store } = one.context
    await expect.poll(() => other.set.position >= store.version(), SOON).toBe(true)
    expect(other.set.items).toBe(1)
  })

  it('answer nothing where they cannot look at the store, and go on by themselves', async () => {
    const one = await open()
    const lost = await openBehind()
    const id = await one.propose(1)
    await lost.set.catchUp()
    proxy.hold()
    // What is known is known for a moment yet; then nobody can say what others have taken away.
    await one.retract(id)
    await sleep(EXPIRED_MS)
    for (let n = 0; n < 2; n += 1) expect(await codeOf(lost.found(1))).toBe('STORE_UNAVAILABLE')
    const faults = createFaults(
      {
        store: lost.context.store,
        known: lost.set,
        search: () => lost.found(1),
        pool: { queued: 0 },
        claims: { count: () => Promise.resolve(0) },
      },
      configWith({}),
    )
    expect(await faults()).toEqual(
      expect.arrayContaining([
        { part: 'index', code: 'STORE_UNAVAILABLE' },
        expect.objectContaining({ part: 'register' }),
      ]),
    )
    const later = await one.propose(2)
    proxy.letGo()
    await expect.poll(() => codeOf(lost.found(2)), SOON).toBe(JSON.stringify([later]))
    expect(await lost.found(1)).toEqual([])
  })

  it('go on after PostgreSQL was away for longer than their patience, also in what resembles what', async () => {
    const [one, other] = [await open(), await open()]
    const neighbours = openNeighbourhood(other.context, other.register)
    closing.push(() => neighbours.close())
    await neighbours.catchUp()
    await server.stop('SIGQUIT')
    try {
      await sleep(EXPIRED_MS + PATIENCE_MS)
      expect(await codeOf(other.found(1))).toBe('STORE_UNAVAILABLE')
    } finally {
      await server.begin()
    }
    await expect.poll(() => codeOf(one.authenticate()), SOON).toBe(undefined)
    const id = await one.propose(1)
    await expect.poll(() => [other.set.items, neighbours.items], SOON).toEqual([1, 1])
    expect(await other.found(1)).toEqual([id])
  })

  it('answer nothing while they read anew what the feed no longer tells', async () => {
    let held: Promise<unknown> = Promise.resolve()
    const warnings: string[] = []
    const behind = await openBehind({
      warn: (message: string) => warnings.push(message),
      between: (register: Register) => ({
        ...register,
        async *allIndexed() {
          await held
          yield* register.allIndexed()
        },
      }),
    })
    const one = await open({ changesKept: 4 })
    const id = await one.propose(1)
    await behind.set.catchUp()
    let release: (value?: unknown) => void = () => undefined
    held = new Promise((resolve) => {
      release = resolve
    })
    proxy.isAway = true
    proxy.cutAll()
    await one.retract(id)
    const ids: string[] = []
    for (let seed = 2; seed < 12; seed += 1) ids.push(await one.propose(seed))
    proxy.isAway = false
    await expect.poll(() => warnings, SOON).toEqual([expect.stringContaining('feed')])
    expect(await codeOf(behind.found(1))).toBe('INDEX_LOADING')
    release()
    await expect.poll(() => codeOf(behind.found(1)), SOON).toBe('[]')
    expect(await behind.found(11)).toEqual([ids.at(-1)])
    expect(behind.set.items).toBe(10)
  })

  it('go on with what they have after a failover that lost nothing', async () => {
    const one = await open({ patienceMs: 15_000 })
    const warnings: string[] = []
    const warn = (message: string) => warnings.push(message)
    const behind = await open({ patienceMs: 15_000, warn })
    const known = await one.propose(1)
    await behind.authenticate()
    expect(await behind.found(1)).toEqual([known])
    await server.failOver()
    const later = await one.propose(2)
    await behind.authenticate()
    expect(await behind.found(1)).toEqual([known])
    expect(await behind.found(2)).toEqual([later])
    expect(warnings).toEqual([])
  })

  it('keep nothing of a history that a failover has lost, whatever its revision', async () => {
    const one = await open()
    const behind = await open()
    const kept = await one.propose(1)
    const pairs: StoredPair[] = []
    for await (const pair of one.context.store.dump()) pairs.push(pair)
    // The same id in either history, as it could not be chosen better.
    const proposeAs = async (node: Node, seed: number) => {
      const newId = createIds(new ManualClock(1_000), new SeededRandom(5))
      const context = { ...node.context, newId }
      const proposal = { fingerprint: pictureOf(seed), classification: 'Baseline' } as const
      const register = createRegister(context, createAudit(context))
      return (await register.propose(ANNA, proposal)).id
    }
    const lost = await proposeAs(one, 2)
    await behind.authenticate()
    expect(await behind.found(2)).toEqual([lost])

    await removeStore({ url: url() })
    await restoreStore({ url: url() }, { pairs: each(pairs), mark: 'earlier' })
    const other = await open()
    expect(await proposeAs(other, 3)).toBe(lost)
    await behind.authenticate()
    expect(await behind.found(2)).toEqual([])
    expect(await behind.found(3)).toEqual([lost])
    expect(await behind.found(1)).toEqual([kept])
  })

  it('see the ordinary pictures that another was given', async () => {
    const [one, other] = [await open(), await open()]
    const corpora = await Promise.all(
      [one, other].map(({ context }) =>
        openCorpus(context, createAudit(context), indexSource('exact')),
      ),
    )
    for (const corpus of corpora) closing.push(() => corpus.close())
    const [ours, theirs] = corpora as [(typeof corpora)[0], (typeof corpora)[0]]
    expect(await ours.add(ANNA, pictureOf(1))).toBe(true)
    await other.authenticate()
    expect(await theirs.nearest(pictureOf(1), 31)).toEqual({ distance: 0, view: 'whole' })
    expect(await theirs.add(ANNA, pictureOf(1))).toBe(false)
    expect([ours.pictures, theirs.pictures]).toEqual([1, 1])
  })

  describe('a process that was frozen and is woken', () => {
    let child: Child
    let one: Node
    let answers: string[]
    beforeEach(async () => {
      one = await open()
      answers = []
      child = startChild(new URL('./frozen-node.ts', import.meta.url), [url(proxy), '1'])
      closing.push(async () => {
        child.process.kill('SIGKILL')
        await child.ended
      })
      void (async () => {
        for await (const line of child.lines) answers.push(line)
      })()
      await expect.poll(() => answers[0], SOON).toBe('none')
    })

    /** Its answers from when it is woken, after others have worked on for longer than a lease. */
    async function frozen(work: () => Promise<string>): Promise<{ id: string; from: number }> {
      child.process.kill('SIGSTOP')
      const id = await work()
      await sleep(EXPIRED_MS)
      const from = answers.length
      child.process.kill('SIGCONT')
      return { id, from }
    }

    it('looks before it answers', async () => {
      for (let round = 0; round < 3; round += 1) {
        const { id, from } = await frozen(() => one.propose(1))
        // Where others keep the store busy it may say so first.
        const first = () => answers.slice(from).find((answer) => answer !== 'STORE_UNAVAILABLE')
        await expect.poll(first, SOON).toBe(id)
        await one.retract(id)
        await expect.poll(() => answers.at(-1), SOON).toBe('none')
      }
    })

    it('answers nothing where it cannot look', async () => {
      const { id, from } = await frozen(() => {
        proxy.hold()
        return one.propose(1)
      })
      await expect.poll(() => answers[from], SOON).toBe('STORE_UNAVAILABLE')
      proxy.letGo()
      await expect.poll(() => answers.at(-1), SOON).toBe(id)
      expect(new Set(answers.slice(from))).toEqual(new Set(['STORE_UNAVAILABLE', id]))
    })
  })
})

async function* each<T>(values: readonly T[]): AsyncIterable<T> {
  for (const value of values) yield await Promise.resolve(value)
}
