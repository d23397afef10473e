import { HindraError } from '../../src/errors.ts'
import { SeededRandom } from '../../src/core/index.ts'
import type { Store } from '../../src/store/index.ts'
import { ACTIONS, CLASSES, Refusal } from '../simulation/iccam/holdings.ts'
import { TROUBLES } from '../simulation/iccam/server.ts'
import { differencesOf, isHeld, isTaken, type PlayedCase } from './differences.ts'
import { type IccamWorld, openIccamWorld } from './world.ts'

const STEPS = 60
const ELSEWHERE = { hostingCountryCode: 'DE', hostingIsp: 'Elsewhere' }
const ROUNDS_TO_REST = 14

/** What one seed came to. */
export interface Interleaving {
  readonly seed: number
  readonly contents: number
  readonly reports: number
  readonly writes: number
  readonly acts: number
  readonly troubles: number
  readonly kills: number
  readonly theirActs: number
  readonly settled: number
  /** Where what we hold of ICCAM is not what it holds, or something was said that is not true. */
  readonly differences: readonly string[]
  /** Writes that ICCAM took although it had taken the same last. */
  readonly doubled: number
}

/** A process that is gone. */
class Killed extends Error {}

/** The store of a process that dies at the transaction so many ahead: before its commit, or right after. */
function mortal(store: Store): {
  store: Store
  kill(ahead: number, isAfter: boolean): void
  spare(): void
} {
  let left = Infinity
  let after = false
  const transact: Store['transact'] = async (work) => {
    left -= 1
    if (left < 0) throw new Killed('dead')
    if (left === 0 && !after) throw new Killed('before the commit')
    const found = await store.transact(work)
    if (left === 0) throw new Killed('after the commit')
    return found
  }
  return {
    store: new Proxy(store, {
      get: (target, name) => {
        if (name === 'transact') return transact
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      },
    }),
    kill(ahead, isAfter) {
      left = ahead
      after = isAfter
    },
    spare() {
      left = Infinity
    },
  }
}

/** People at both ends, and everything that can go wrong between them, in an order that the seed draws. */
export async function playInterleaving(seed: number): Promise<Interleaving> {
  const world = await openIccamWorld()
  try {
    return await play(world, seed)
  } finally {
    await world.dispose()
  }
}

async function play(world: IccamWorld, seed: number): Promise<Interleaving> {
  const random = new SeededRandom(seed)
  const below = (n: number): number => Buffer.from(random.bytes(4)).readUInt32BE() % n
  const one = <T>(all: readonly T[]): T | undefined => all[below(Math.max(1, all.length))]
  const { fake } = world
  const { holdings } = fake
  const life = mortal(world.context.store)
  world.reopen(life.store)
  const cases: PlayedCase[] = []
  const count = { troubles: 0, kills: 0, theirActs: 0, settled: 0 }
  let urls = 0

  async function orRefused(work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof HindraError)) throw error
    }
  }

  async function run(): Promise<void> {
    try {
      await world.iccam().run('hindra')
    } catch (error) {
      if (!(error instanceof Killed)) throw error
      count.kills += 1
      world.reopen(life.store)
    } finally {
      life.spare()
    }
  }

  async function runAndDie(): Promise<void> {
    life.kill(1 + below(25), below(2) === 0)
    await run()
  }

  /** People of the assigned country, ours among them, who work in ICCAM itself. */
  function theyAct(): void {
    const content = one(holdings.contents())
    if (content === undefined) return
    const { id, assignedCountryCode: who } = content
    if (who === null) return
    const named = { analystName: 'Someone', assessingAnalystName: 'Someone' }
    const anything = one(Object.values(ACTIONS))
    const told = one([ACTIONS.police, ACTIONS.provider])
    const acts = [
      () => {
        holdings.assess(who, id, { ...named, classification: one(Object.values(CLASSES)) })
      },
      () => {
        holdings.act(who, id, { ...named, actionType: told })
      },
      () => {
        holdings.act(who, id, { ...named, actionType: anything, ...ELSEWHERE })
      },
      () => {
        const place = { hostingCountryCode: who, hostingIpAddress: '203.0.113.9' }
        holdings.hosting(who, id, place)
      },
    ]
    try {
      one(acts)?.()
      count.theirActs += 1
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
  }

  /** A person looks into ICCAM and answers what the program asks. */
  async function settle(): Promise<void> {
    for (const entry of await world.iccam().list({ limit: 100, state: 'asks' })) {
      const said = entry.acts.at(-1)?.said ?? ''
      const isThere =
        isHeld(entry, said, holdings.contents()) || isTaken(entry, said, fake.writes())
      const as = isThere ? 'arrived' : (one(['again', 'leave', 'leave'] as const) ?? 'leave')
      await world.iccam().settle('ola', entry.id, as)
      count.settled += 1
    }
  }

  async function assessOne(): Promise<void> {
    const tip = one(await world.tips.list({ status: 'new' }))
    if (tip === undefined) return
    const id = await world.assess(tip.id, one(['Baseline', 'National'] as const))
    cases.push({ id, everRemoved: false, everLegal: false })
  }

  async function findAbroad(): Promise<void> {
    const id = await world.assessed(`http://beta.example/${(urls += 1)}.jpg`)
    cases.push({ id, everRemoved: false, everLegal: false })
  }

  async function remove(): Promise<void> {
    await orRefused(async () => {
      const entry = one(cases)
      if (entry === undefined) return
      const { status } = await world.remove(entry.id)
      if (status === 'removed') entry.everRemoved = true
    })
  }

  const steps: (() => unknown)[] = [
    ...[
      run,
      run,
      run,
      run,
      assessOne,
      assessOne,
      assessOne,
      findAbroad,
      findAbroad,
      remove,
      remove,
    ],
    () => world.reported(`http://alpha.example/${(urls += 1)}.jpg`),
    () => world.reported(`http://beta.example/${(urls += 1)}.jpg`),
    () => {
      const id = world.reported(`http://alpha.example/${(urls += 1)}.jpg`)
      const classification = one([CLASSES.baseline, CLASSES.national])
      holdings.assess('NL', id, { assessingAnalystName: 'Someone', classification })
    },
    () => world.run(),
    () => world.run(),
    () =>
      orRefused(async () => {
        const entry = one(cases)
        if (entry === undefined || below(2) === 0) return
        const why = one(['not-illegal', 'not-the-same'] as const) ?? 'not-the-same'
        await world.transact((tx) => world.cases.takeBack(tx, 'anna', entry.id, why, 'as tested'))
        if (why === 'not-illegal') entry.everLegal = true
      }),
    theyAct,
    theyAct,
    theyAct,
    () => {
      fake.troubleWrites(one(TROUBLES) ?? 'cut-after')
      count.troubles += 1
    },
    () => {
      fake.troubleWrites('cut-after')
      count.troubles += 1
    },
    () => {
      if (below(3) === 0) fake.trouble(one(TROUBLES) ?? 'busy')
    },
    runAndDie,
    runAndDie,
    settle,
    () => {
      world.pass(one([0.05, 0.2, 1, 25]) ?? 1)
    },
  ]
  for (let step = 0; step < STEPS; step += 1) await one(steps)?.()

  // The world comes to rest: what is due is said, and people answer what is asked.
  fake.calm()
  for (let round = 0; round < ROUNDS_TO_REST; round += 1) {
    world.pass(25)
    const { pulled, pushed } = await world.iccam().run('hindra')
    await settle()
    const isBusy = pulled === null || pulled.proven > 0 || (pushed?.sent ?? 1) > 0
    const { contents } = await world.iccam().status()
    if (!isBusy && contents.unsure === 0 && contents.asks === 0) break
  }
  const entries = await world.iccam().list({ limit: 1_000 })
  const differences = await differencesOf(world, entries, cases)
  return {
    seed,
    contents: holdings.contents().length,
    reports: entries.filter(({ noticeId }) => noticeId !== null).length,
    writes: fake.writes().length,
    acts: entries.flatMap(({ acts }) => acts).length,
    ...count,
    differences,
    doubled: fake.doubled().length,
  }
}
