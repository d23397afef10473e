import { afterEach, beforeEach, expect, it } from 'vitest'
import { createUnmatchedStore, type Seen, type UnmatchedStore } from '../../src/match/index.ts'
import { openTestContext, type TestContext } from '../context.ts'
import { fingerprintOf } from './sample.ts'

const BY = { id: 'crawler', source: null }

let world: TestContext
let unmatched: UnmatchedStore

beforeEach(async () => {
  world = await openTestContext()
  unmatched = createUnmatchedStore(world)
})
afterEach(() => world.dispose())

function seen(url: string): Seen {
  const judgement = { verdict: 'none', matches: [] } as const
  const looked = { sighting: { url }, fingerprint: fingerprintOf(), judgement }
  return { looked: [looked], failed: 0, since: world.store.version() }
}

function lateUrls(): Promise<readonly string[]> {
  return world.store.transact(async (tx) =>
    (await unmatched.late(tx, 10)).map(({ sighting }) => sighting.url),
  )
}

it('knows which looks began before something was known and were kept after it', async () => {
  const { store } = world
  const early = seen('https://host.example/early')
  await store.transact((tx) => {
    unmatched.setBarrier(tx, store.version())
    return Promise.resolve()
  })
  const after = seen('https://host.example/after')
  await store.transact((tx) => unmatched.keep(tx, BY, after))
  expect(await lateUrls()).toEqual([])
  await store.transact((tx) => unmatched.keep(tx, BY, early))
  expect(await lateUrls()).toEqual(['https://host.example/early'])
  const [late] = await store.transact((tx) => unmatched.late(tx, 10))
  await store.transact((tx) => {
    unmatched.settle(tx, late?.id ?? '')
    return Promise.resolve()
  })
  expect(await lateUrls()).toEqual([])
  expect(await store.transact((tx) => unmatched.count(tx))).toBe(2)
})

it('keeps neither a hit nor hashes of a shrunk picture nor those of a client', async () => {
  const one = seen('https://host.example/1')
  const [looked] = one.looked
  const views = fingerprintOf().views.map((view) => ({ ...view, slack: 4 }))
  const shrunk = { ...fingerprintOf(), views, hasher: 'pdq-shrunk' } as const
  const others: Seen['looked'] = [
    { ...looked, judgement: { verdict: 'review', matches: [] } },
    { ...looked, fingerprint: shrunk },
    { ...looked, fingerprint: undefined },
  ]
  await world.store.transact((tx) => unmatched.keep(tx, BY, { ...one, looked: others }))
  expect(await world.store.transact((tx) => unmatched.count(tx))).toBe(0)
})
