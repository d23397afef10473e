import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { NO_POSTGRES, postgresPrograms, PostgresServer } from '../../fixtures/servers/postgres.ts'
import { configWith } from '../../src/config.ts'
import { toHindraError } from '../../src/errors.ts'
import { createFaults } from '../../src/watch/faults.ts'
import { person, pictureOf } from '../register/material.ts'
import { type Child, startChild } from '../store/child.ts'
import { openShardNode, type ShardNode } from './sharded-node.ts'
import { usually } from '../long.ts'

const ANNA = person('anna')
const BO = person('bo')
const SOON = { timeout: 20_000, interval: 50 }
/** Pictures of the register; a fifth of them are put in while the shards are there. */
const ITEMS = usually(15, 40)
const LATER = usually(12, 32)

if (postgresPrograms === undefined) console.warn(NO_POSTGRES)

describe.skipIf(postgresPrograms === undefined)('a register over several processes', () => {
  let server: PostgresServer
  let schema = 0
  let asker: ShardNode
  let whole: ShardNode
  const ids: string[] = []
  const children: Child[] = []

  beforeAll(async () => {
    server = await PostgresServer.start()
  })
  afterAll(() => server.end())
  beforeEach(async () => {
    schema += 1
    ids.splice(0)
    asker = await openShardNode(url(), 'none')
    whole = await openShardNode(url(), '1/1')
    for (let seed = 0; seed < LATER; seed += 1) await propose(seed)
  })
  afterEach(async () => {
    for (const child of children.splice(0)) {
      child.process.kill('SIGKILL')
      await child.ended
    }
    await asker.close()
    await whole.close()
  })

  const url = () => server.url(`shards_${schema}`)

  async function propose(seed: number): Promise<void> {
    const proposal = { fingerprint: pictureOf(seed), classification: 'Baseline' } as const
    ids[seed] = (await asker.register.propose(ANNA, proposal)).id
  }

  async function retract(seed: number): Promise<void> {
    const itemId = ids[seed] ?? ''
    await asker.context.store.transact((tx) =>
      asker.register.retract(tx, BO, { itemId }, 'a mistake'),
    )
  }

  interface Shard extends Child {
    found(seed: number): Promise<string>
    /** As a restart does. */
    stop(): Promise<void>
  }

  async function start(shard: string): Promise<Shard> {
    const child = startChild(new URL('./shard-node.ts', import.meta.url), [url(), shard])
    children.push(child)
    const lines = child.lines[Symbol.asyncIterator]()
    const next = async () => String((await lines.next()).value)
    expect(await next()).toBe('ready')
    return {
      ...child,
      found(seed) {
        child.process.stdin?.write(`${seed}\n`)
        return next()
      },
      async stop() {
        child.process.stdin?.end()
        await once(child.process, 'exit')
      },
    }
  }

  /** Others have heard of it. */
  async function isHeard(count: number): Promise<void> {
    const names = async () => Object.keys(await asker.context.store.leaseHolders())
    await expect.poll(async () => (await names()).length, SOON).toBe(count)
    await sleep(700)
  }

  function answered(seed: number): Promise<string> {
    return asker.found(seed).then(
      (found) => JSON.stringify(found),
      (error: unknown) => toHindraError(error).code,
    )
  }

  const right = (seed: number) => JSON.stringify([ids[seed]])

  it('answers as one does that holds all, whoever is asked, and what was taken away by nobody', async () => {
    const shards = await Promise.all(['1/4', '2/4', '3/4', '4/4'].map(start))
    await isHeard(4)
    for (let seed = 0; seed < ITEMS; seed += 1) {
      if (seed >= LATER) await propose(seed)
      expect(await whole.found(seed)).toEqual([ids[seed]])
      for (const shard of shards) expect(await shard.found(seed)).toBe(right(seed))
      expect(await answered(seed)).toBe(right(seed))
      await retract(seed)
      for (const shard of shards) expect(await shard.found(seed)).toBe('[]')
      expect(await answered(seed)).toBe('[]')
    }
    for (const shard of shards) await shard.stop()
    expect(await asker.context.store.leaseHolders()).toEqual({})
  })

  it('answers nothing where one is killed, says so, and goes on with another that holds the same', async () => {
    const [one, two] = [await start('1/2'), await start('2/2')]
    await isHeard(2)
    expect(await answered(1)).toBe(right(1))
    one.process.kill('SIGKILL')
    await one.ended
    for (let seed = 0; seed < 8; seed += 1) expect(await answered(seed)).toBe('SHARD_MISSING')
    expect(await two.found(1)).toBe('SHARD_MISSING')
    const faults = createFaults(
      {
        store: asker.context.store,
        known: asker.set,
        search: () => asker.found(1),
        pool: { queued: 0 },
        claims: { count: () => Promise.resolve(0) },
      },
      configWith({}),
    )
    expect(await faults()).toContainEqual({ part: 'index', code: 'SHARD_MISSING' })
    const other = await start('1/2')
    await expect.poll(() => answered(1), SOON).toBe(right(1))
    expect((await faults()).map(({ part }) => part)).not.toContain('index')
    expect(await other.found(2)).toBe(right(2))
    expect(await two.found(3)).toBe(right(3))
  })

  it('has more shards after a restart in order, without a lookup that is wrong or fails', async () => {
    const halves = [await start('1/2'), await start('2/2')]
    await isHeard(2)
    const wrong: string[] = []
    let lookups = 0
    let isOver = false
    const looking = [0, 1, 2, 3].map(async (first) => {
      for (let seed = first; !isOver; seed = (seed + 1) % LATER) {
        const answer = await answered(seed)
        if (answer !== right(seed)) wrong.push(answer)
        lookups += 1
      }
    })
    for (const [half, quarters] of [
      [0, ['1/4', '2/4']],
      [1, ['3/4', '4/4']],
    ] as const) {
      // The new ones first, then the one in whose place they are.
      await Promise.all(quarters.map(start))
      await isHeard(half === 0 ? 4 : 5)
      await halves[half]?.stop()
    }
    const before = lookups
    await expect.poll(() => lookups, SOON).toBeGreaterThan(before + 50)
    isOver = true
    await Promise.all(looking)
    expect(wrong).toEqual([])
    expect(lookups).toBeGreaterThan(100)
  })

  it('does not wait for one that is frozen, and nobody is told what it knew then', async () => {
    const [first] = [await start('1/2'), await start('2/2')]
    await isHeard(2)
    expect(await answered(1)).toBe(right(1))
    first.process.kill('SIGSTOP')
    const codes = await Promise.all([0, 1, 2, 3].map(answered))
    expect(new Set(codes)).toEqual(new Set(['SHARD_MISSING']))
    const second = await start('1/2')
    await expect.poll(() => answered(1), SOON).toBe(right(1))
    for (let seed = 0; seed < LATER; seed += 1) expect(await answered(seed)).toBe(right(seed))
    for (let seed = 0; seed < LATER; seed += 2) await retract(seed)
    first.process.kill('SIGCONT')
    second.process.kill('SIGKILL')
    await expect.poll(() => answered(1), SOON).toBe(right(1))
    for (let seed = 0; seed < LATER; seed += 1) {
      expect(await answered(seed)).toBe(seed % 2 === 0 ? '[]' : right(seed))
    }
  })
})
