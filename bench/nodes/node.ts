// A process of the house: URL SEED POSITION [FILE]. Says how long it took until it found the item, then answers questions.
import { setTimeout as sleep } from 'node:timers/promises'
import { indexSource } from '../../src/index/index.ts'
import { openKnownSet } from '../../src/known/index.ts'
import { openPostgresStore } from '../../src/store/index.ts'
import { pictureOf, registerOver } from '../startup/register.ts'

/** `watch`: searches until it finds the item. `ask`: reads who asks, as each request does, and searches once. */
export interface Question {
  readonly how: 'watch' | 'ask'
  readonly position: number
}

export interface NodeAnswer {
  readonly isFound: boolean
  /** The answer was there at this time, by the clock of the machine. */
  readonly atMs: number
}

export interface Started {
  readonly seconds: number
  readonly hashes: number
  readonly isFound: boolean
}

const RADIUS = 31
const RARELY = { snapshotChanges: 1e9, snapshotMinutes: 60, erasureSeconds: 3_600 }

const [url = '', seedText = '', position = '', file] = process.argv.slice(2)
const seed = Number(seedText)
const start = performance.now()
const store = await openPostgresStore({ url })
const { context, register } = await registerOver(store, seed)
const known = await openKnownSet(context, register, {
  indexes: indexSource('exact'),
  ...(file === undefined ? {} : { snapshot: { ...RARELY, file } }),
})
const started: Started = {
  isFound: await find(Number(position)),
  seconds: (performance.now() - start) / 1e3,
  hashes: known.hashes,
}
process.on('message', ({ how, position: wanted }: Question) => {
  void answer(how, wanted)
})
process.on('disconnect', () => process.exit())
process.send?.(started)

async function answer(how: Question['how'], wanted: number): Promise<void> {
  if (how === 'ask') await store.transact(() => Promise.resolve())
  let isFound = await find(wanted)
  while (!isFound && how === 'watch') {
    await sleep(1)
    isFound = await find(wanted)
  }
  const told: NodeAnswer = { isFound, atMs: performance.timeOrigin + performance.now() }
  process.send?.(told)
}

async function find(wanted: number): Promise<boolean> {
  return (await known.search(pictureOf(wanted, seed), RADIUS)).length > 0
}
