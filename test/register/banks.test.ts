import { expect, it } from 'vitest'
import { person, pictureOf } from './material.ts'
import { useRegister } from './world.ts'

/** What HMA's clients know entries by, and say of them. */
const ANNA = person('anna')

const world = useRegister()

async function proposed(seed: number): Promise<{ itemId: string; entryId: string }> {
  const input = { fingerprint: pictureOf(seed), classification: 'Baseline' } as const
  const { id, entries } = await world.register.propose(ANNA, input)
  return { itemId: id, entryId: entries[0]?.id ?? '' }
}

it('entries are numbered from 1 as they are first told of, and keep their numbers', async () => {
  const [one, two] = [await proposed(1), await proposed(2)]
  const told = (...entryIds: readonly string[]) =>
    world.transact((tx) => world.register.banks.numbersOf(tx, entryIds))
  expect(await told(two.entryId)).toEqual([1])
  expect(await told(one.entryId, two.entryId)).toEqual([2, 1])
  expect(await world.transact((tx) => world.register.banks.entryIdOf(tx, 2))).toBe(one.entryId)
  expect(await world.transact((tx) => world.register.banks.entryIdOf(tx, 3))).toBeUndefined()
  const found = await world.transact((tx) => world.register.entryOf(tx, 'own', one.entryId))
  expect(found).toMatchObject({ id: one.entryId, itemId: one.itemId })
  expect(
    await world.transact((tx) => world.register.entryOf(tx, 'own', one.itemId)),
  ).toBeUndefined()
})

it('entries told of at the same time get different numbers', async () => {
  const entries = await Promise.all([1, 2, 3, 4].map(proposed))
  const numbers = await Promise.all(
    entries.map(({ entryId }) =>
      world.transact((tx) => world.register.banks.numbersOf(tx, [entryId])),
    ),
  )
  expect(numbers.flat().sort()).toEqual([1, 2, 3, 4])
})

it('an entry that is erased takes its number along, and what was said of it', async () => {
  const { itemId, entryId } = await proposed(1)
  const remarks = { note: 'of a campaign', metadata: { json: { a: 1 } } }
  await world.transact(async (tx) => {
    await world.register.banks.numbersOf(tx, [entryId])
    world.register.banks.say(tx, entryId, remarks)
  })
  expect(await world.transact((tx) => world.register.banks.said(tx, entryId))).toEqual(remarks)
  await world.transact((tx) => world.register.retract(tx, ANNA, { itemId }, 'a mistake'))
  await world.transact((tx) => world.register.erase(tx, itemId))
  expect(await world.transact((tx) => world.register.banks.said(tx, entryId))).toEqual({})
  expect(await world.transact((tx) => world.register.banks.entryIdOf(tx, 1))).toBeUndefined()
  const next = await proposed(2)
  expect(await world.transact((tx) => world.register.banks.numbersOf(tx, [next.entryId]))).toEqual([
    2,
  ])
})
