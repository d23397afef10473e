import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { configWith } from '../../src/config.ts'
import { indexSource } from '../../src/index/index.ts'
import { type KnownSet, openKnownSet, openShards, rangeOf } from '../../src/known/index.ts'
import type { Bench } from '../bench.ts'
import { percentile } from '../measure.ts'
import { type OpenRegister, pictureOf } from '../startup/register.ts'
import { madeRegister } from './made-register.ts'
import type { Taken } from './shard.ts'

const COUNTS = [1, 2, 4]
const LOOKUPS = 10_000
const IN_FLIGHT = 256
/** One after the other, to see how long one takes. */
const SINGLE = 2_000
const RADIUS = 31
/** Others see who is there. */
const HEARD_MS = 1_500
const MIB = 1024 * 1024

interface Measured {
  readonly perSecond: number
  readonly cpuMicros: number
  readonly times: readonly number[]
}

/**
 * Lookups by hash over shards in processes of their own beside those in a set that is whole, in this process. Answers how
 * long single questions to one shard took, in ms.
 */
export async function scatter(
  bench: Bench,
  opened: OpenRegister,
  url: string,
  count: number,
): Promise<readonly number[]> {
  const { context, register } = opened
  const { seed } = bench
  const indexes = indexSource('exact')
  const none = rangeOf('none')
  const whole = await begin(url, seed, count, '1/1')
  const { memoryBytes } = whole.taken
  whole.child.disconnect()
  await once(whole.child, 'exit')
  const own = await openKnownSet(context, madeRegister(register, count, seed, rangeOf('1/1')), {
    indexes,
  })
  const alone = await measure(own, [], count, seed)
  await own.close()
  let ofOne: readonly number[] = []
  for (const shards of COUNTS) {
    const names = Array.from({ length: shards }, (_, position) => `${position + 1}/${shards}`)
    const children = await Promise.all(names.map((name) => begin(url, seed, count, name)))
    const made = madeRegister(register, count, seed, none)
    const part = await openKnownSet(context, made, { indexes, range: none })
    const { matcher } = configWith({ 'matcher.shard': 'none', 'matcher.answerSeconds': 60 })
    const set = await openShards(context, made, part, matcher)
    await sleep(HEARD_MS)
    const found = await measure(set, children, count, seed)
    await set.close()
    if (shards === 1) ofOne = found.times
    const record = (metric: string, value: number, peerValue: number, unit: string) => {
      const peer = 'all hashes in the process that asks'
      const named = `${count} items in ${shards} shards: ${metric}`
      bench.record({ case: 'scatter', metric: named, value, unit, peer, peerValue })
    }
    record('lookups', found.perSecond, alone.perSecond, '1/s')
    record('CPU a lookup, all processes', found.cpuMicros, alone.cpuMicros, 'us')
    for (const percent of [50, 99]) {
      const [value, peerValue] = [
        percentile(found.times, percent),
        percentile(alone.times, percent),
      ]
      record(`one lookup, p${percent}`, value * 1e3, peerValue * 1e3, 'us')
    }
    const most = Math.max(...children.map(({ taken }) => taken.memoryBytes))
    record('memory of the largest process', most / MIB, memoryBytes / MIB, 'MiB')
    for (const { child } of children) {
      child.disconnect()
      await once(child, 'exit')
    }
    // What they said they hold ends by itself, for they were not stopped in order.
    while (Object.keys(await context.store.leaseHolders()).length > 0) await sleep(200)
  }
  return ofOne
}

async function measure(
  set: KnownSet,
  children: readonly Shard[],
  count: number,
  seed: number,
): Promise<Measured> {
  // Every other one is of the register.
  const asked = Array.from({ length: LOOKUPS }, (_, n) =>
    pictureOf(n % 2 === 0 ? (n * 7) % count : count + n, seed),
  )
  const lookup = async (n: number) => {
    const picture = asked[n % LOOKUPS] ?? pictureOf(0, seed)
    const hits = await set.search(picture, RADIUS)
    if (hits.length > 0 !== (n % 2 === 0)) throw new Error(`lookup ${n} finds ${hits.length}`)
  }
  const times: number[] = []
  for (let n = 0; n < SINGLE; n += 1) {
    const before = performance.now()
    await lookup(n)
    times.push(performance.now() - before)
  }
  const cpuBefore = await cpuSeconds(children)
  const wallBefore = performance.now()
  let next = 0
  const work = async () => {
    while (next < LOOKUPS) await lookup(next++)
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, work))
  const seconds = (performance.now() - wallBefore) / 1e3
  const cpu = (await cpuSeconds(children)) - cpuBefore
  return { perSecond: LOOKUPS / seconds, cpuMicros: (cpu * 1e6) / LOOKUPS, times }
}

async function cpuSeconds(children: readonly Shard[]): Promise<number> {
  const { user, system } = process.cpuUsage()
  const taken = await Promise.all(children.map(({ child }) => ask(child)))
  return taken.reduce((sum, one) => sum + one.cpuSeconds, (user + system) / 1e6)
}

async function ask(child: ChildProcess): Promise<Taken> {
  const answered = once(child, 'message')
  child.send('taken')
  const [taken] = (await answered) as [Taken]
  return taken
}

interface Shard {
  readonly child: ChildProcess
  readonly taken: Taken
}

async function begin(url: string, seed: number, count: number, shard: string): Promise<Shard> {
  const script = fileURLToPath(new URL('shard.ts', import.meta.url))
  const args = [url, String(seed), String(count), shard]
  const child = fork(script, args, { execArgv: ['--import', 'tsx'] })
  const [taken] = (await once(child, 'message')) as [Taken]
  return { child, taken }
}
