import { expect, it } from 'vitest'
import { defined, SeededRandom } from '../../src/core/index.ts'
import { person, pictureOf } from './material.ts'
import { useRegister } from './world.ts'

const MARK = ['system', 'items-placed']
const FILTERS = [
  {},
  { waiting: true },
  { list: 'own' },
  { classification: 'Baseline' as const },
  ...(['proposed', 'verified', 'disputed', 'retracted'] as const).flatMap((status) => [
    { status },
    { status, waiting: true },
    { status, list: 'own' },
    { list: 'own', waiting: true },
    { status, classification: 'National' as const },
  ]),
]

const world = useRegister()

/** What each filter finds, page by page, and counts. */
function answers() {
  return Promise.all(
    FILTERS.map(async (filter) => {
      const ids: string[] = []
      for (let after: string | undefined; ; after = ids.at(-1)) {
        const page = await world.register.list({ ...filter, ...defined({ after }), limit: 3 })
        ids.push(...page.map(({ id }) => id))
        if (page.length < 3) break
      }
      const counts = [
        await world.register.count(filter, 100),
        await world.register.count(filter, 2),
      ]
      return { filter, ids, counts }
    }),
  )
}

async function place(): Promise<void> {
  let after: string | undefined
  do {
    const from = after
    after = (await world.transact((tx) => world.register.placing.batch(tx, from))).after
  } while (after !== undefined)
}

function unmark(): Promise<void> {
  return world.transact((tx) => {
    tx.delete(MARK)
    return Promise.resolve()
  })
}

async function drop(...names: readonly string[]): Promise<void> {
  await world.transact(async (tx) => {
    for (const name of names) {
      for await (const { key } of tx.range({ prefix: [name] })) tx.delete(key)
    }
  })
}

it('finds and counts the items that a reading of all would, those of an older version included', async () => {
  const random = new SeededRandom(3)
  const people = [person('anna'), person('bo'), person('cia')] as const
  const ids: string[] = []
  const act = async () => {
    const by = people[random.integer(0, 2)] ?? people[0]
    const id = ids[random.integer(0, ids.length - 1)]
    const what = (['verify', 'dispute', 'retract'] as const)[random.integer(0, 2)] ?? 'verify'
    if (id === undefined || random.integer(0, 2) === 0) {
      const classification = random.integer(0, 1) === 0 ? 'National' : 'Baseline'
      const fingerprint = pictureOf(ids.length)
      ids.push((await world.register.propose(by, { fingerprint, classification })).id)
      return
    }
    const other = ids[random.integer(0, ids.length - 1)] ?? id
    const step =
      random.integer(0, 5) === 0
        ? world.transact((tx) => world.register.join(tx, by, id, other, 'one picture'))
        : world.transact((tx) => world.register[what](tx, by, { itemId: id }, 'seen'))
    // Not everybody may do everything to everything: what is refused changes nothing.
    await step.catch(() => undefined)
  }
  for (let acts = 0; acts < 60; acts += 1) await act()
  const read = await answers()
  expect(read.map(({ ids: found }) => found.length)).toEqual(read.map(({ counts }) => counts[0]))
  expect(new Set(read.map(({ counts }) => counts[0])).size).toBeGreaterThan(4)
  await drop('item-status', 'item-waiting', 'item-list')
  expect(await answers()).toEqual(read)
  await place()
  expect(await answers()).toEqual(read)
  for (let acts = 0; acts < 60; acts += 1) await act()
  const found = await answers()
  await unmark()
  expect(found).toEqual(await answers())
})

it('reads no item but those that wait', async () => {
  const [anna, bo] = [person('anna'), person('bo')]
  const items = await Promise.all(
    [1, 2, 3].map((seed) =>
      world.register.propose(anna, { fingerprint: pictureOf(seed), classification: 'Baseline' }),
    ),
  )
  const [first] = items
  await world.transact((tx) => world.register.verify(tx, bo, { itemId: first?.id ?? '' }, 'seen'))
  await place()
  // Whoever read it would note the damage.
  await world.transact((tx) => {
    tx.put(['item', first?.id ?? ''], Buffer.from('no record'))
    return Promise.resolve()
  })
  expect(await world.register.list({ waiting: true })).toHaveLength(2)
  expect(await world.register.count({ waiting: true }, 10)).toBe(2)
  expect(await world.register.count({ status: 'verified' }, 10)).toBe(1)
  expect(world.context.store.damaged()).toEqual([])
  await unmark()
  await world.register.list({ waiting: true })
  expect(world.context.store.damaged()).toEqual([`item/${first?.id ?? ''}`])
})
