import { randomBytes } from 'node:crypto'
import { spent } from '../measure.ts'
import { proposeItems } from '../startup/register.ts'
import type { Register } from '../../src/register/index.ts'
import type { Store, Transaction } from '../../src/store/index.ts'

export interface Load {
  readonly perSecond: number
  /** Of this process, each. */
  readonly cpuMs: number
}

interface LoadOptions {
  readonly inFlight: number
  readonly ms: number
}

/** Of which each transaction takes some. */
const KEYS = 100_000
const VALUE = randomBytes(300)
const FOLLOWED = 60
const PROPOSALS = 2_000
const BETWEEN_MS = 37

/** As the engine works: reads three records and writes three. */
export function transactions(store: Store, options: LoadOptions): Promise<Load> {
  return repeat(options, () => {
    const keys = [0, 1, 2].map(() => ['row', Math.floor(Math.random() * KEYS)])
    return store.transact(async (tx) => {
      for (const key of keys) await tx.get(key)
      for (const key of keys) tx.put(key, VALUE)
    })
  })
}

export function ordered(store: Store, options: LoadOptions): Promise<Load> {
  return repeat(options, () =>
    writes(store, (tx) => {
      tx.putWithVersionstamp(['log'], VALUE)
    }),
  )
}

export function counting(store: Store, options: LoadOptions): Promise<Load> {
  return repeat(options, () =>
    writes(store, (tx) => {
      tx.add(['counter'], 1)
    }),
  )
}

/** A stage of the engine: each proposal reads and writes what says whether the picture is known, and the audit. */
export function proposals(register: Register, seed: number): Promise<Load> {
  return loadOf(PROPOSALS, () => proposeItems(register, PROPOSALS, seed, () => undefined))
}

/** What `count` of something took together. */
export async function loadOf(count: number, work: () => Promise<unknown>): Promise<Load> {
  const { cpuSeconds, wallSeconds } = await spent(work)
  return { perSecond: count / wallSeconds, cpuMs: (cpuSeconds * 1_000) / count }
}

/** From the answer to a commit until who follows the other store has it, in ms. */
export async function latencies(store: Store, followed: Store): Promise<number[]> {
  const answered = new Map<number, number>()
  const seen = new Map<number, number>()
  const abort = new AbortController()
  const following = (async () => {
    const { signal } = abort
    for await (const { key } of followed.changes(['followed'], store.version(), { signal })) {
      seen.set(Number(key[1]), performance.now())
      if (seen.size === FOLLOWED) return
    }
  })()
  for (let n = 0; n < FOLLOWED; n++) {
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS))
    await writes(store, (tx) => {
      tx.put(['followed', n], VALUE)
    })
    answered.set(n, performance.now())
  }
  await following
  abort.abort()
  return [...answered].map(([n, at]) => Math.max(0, (seen.get(n) ?? Number.NaN) - at))
}

async function repeat({ inFlight, ms }: LoadOptions, once: () => Promise<unknown>): Promise<Load> {
  const start = performance.now()
  const cpu = process.cpuUsage()
  let done = 0
  const one = async () => {
    while (performance.now() - start < ms) {
      await once()
      done += 1
    }
  }
  await Promise.all(Array.from({ length: inFlight }, one))
  const seconds = (performance.now() - start) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  return { perSecond: done / seconds, cpuMs: (user + system) / 1_000 / done }
}

function writes(store: Store, work: (tx: Transaction) => void): Promise<void> {
  return store.transact((tx) => {
    work(tx)
    return Promise.resolve()
  })
}
