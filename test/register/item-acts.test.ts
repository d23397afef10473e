import { describe, expect, it } from 'vitest'
import { HOUR_MS } from '../../src/core/index.ts'
import { indexSource } from '../../src/index/index.ts'
import { openKnownSet } from '../../src/known/index.ts'
import { copyOf, person, pictureOf } from './material.ts'
import { useRegister } from './world.ts'

const ANNA = person('anna')
const BO = person('bo')
const FLOOD = { floodCasesPerHour: 3, floodFactor: 10 }

const world = useRegister()

async function verified(seed: number): Promise<string> {
  const input = { fingerprint: pictureOf(seed), classification: 'Baseline' } as const
  const { id } = await world.register.propose(ANNA, input)
  await world.transact((tx) => world.register.verify(tx, BO, { itemId: id }))
  return id
}

async function matching(itemId: string) {
  return (await world.transact((tx) => world.register.known(tx, itemId)))?.matching
}

async function history(itemId: string) {
  return (await world.register.history(itemId)).map(({ by, action, detail }) => [
    by,
    action,
    detail,
  ])
}

describe('an item that is disabled', () => {
  it('matches nothing until its time, by itself', async () => {
    const itemId = await verified(1)
    const until = '2026-11-02T10:00:00.000Z'
    const disabled = await world.transact((tx) =>
      world.register.disable(tx, BO, { itemId }, until, 'the logo of a game'),
    )
    expect(disabled).toMatchObject({ matching: 'none', entries: [{ disabledUntil: until }] })
    world.context.clock.advance(2 * HOUR_MS - 1)
    expect(await matching(itemId)).toBe('none')
    world.context.clock.advance(1)
    expect(await matching(itemId)).toBe('automatic')
    expect((await history(itemId)).at(-1)).toEqual(['bo', 'disable', `until ${until}`])
  })

  it('can be enabled before', async () => {
    const itemId = await verified(1)
    const until = '2027-01-01T00:00:00Z'
    await world.transact((tx) => world.register.disable(tx, BO, { itemId }, until, 'why'))
    await world.transact((tx) => world.register.enable(tx, BO, { itemId }, 'mended'))
    expect(await matching(itemId)).toBe('automatic')
  })

  it('needs a time to come and a reason', async () => {
    const itemId = await verified(1)
    for (const [until, reason, field] of [
      ['2026-11-02T08:00:00Z', 'why', 'until'],
      ['soon', 'why', 'until'],
      ['2027-01-01T00:00:00Z', ' ', 'reason'],
    ] as const) {
      const disabling = world.transact((tx) =>
        world.register.disable(tx, BO, { itemId }, until, reason),
      )
      await expect(disabling).rejects.toMatchObject({ code: 'INVALID_INPUT', field })
    }
  })
})

describe('a series', () => {
  it('is what people put into it', async () => {
    const [a, b] = [await verified(1), await verified(2)]
    for (const id of [a, b])
      await world.transact((tx) => world.register.group(tx, ANNA, id, ' blue room '))
    const inSeries = async (name: string) =>
      (await world.transact((tx) => world.register.series(tx, name))).map(({ id }) => id)
    expect(await inSeries('blue room')).toEqual([a, b])
    await world.transact((tx) => world.register.group(tx, ANNA, a, null, 'not the same'))
    await world.transact((tx) => world.register.group(tx, ANNA, b, 'red room'))
    expect(await inSeries('blue room')).toEqual([])
    expect(await inSeries('red room')).toEqual([b])
    expect(await history(a)).toContainEqual(['anna', 'group', 'out of its series'])
  })

  it('tells of no item that was erased, also of what had been joined to it', async () => {
    const [a, b, c] = [await verified(1), await verified(2), await verified(3)]
    for (const id of [a, b, c])
      await world.transact((tx) => world.register.group(tx, ANNA, id, 'blue room'))
    await world.transact((tx) => world.register.join(tx, BO, a, b, 'one picture'))
    const entries = (await world.register.get(a)).entries
    for (const { id: entryId } of entries) {
      await world.transact((tx) =>
        world.register.retract(tx, BO, { itemId: a, entryId }, 'a mistake'),
      )
    }
    await world.transact((tx) => world.register.erase(tx, a))
    const found = await world.transact((tx) => world.register.series(tx, 'blue room'))
    expect(found.map(({ id }) => id)).toEqual([c])
  })
})

describe('two items that are one', () => {
  it('become one, found by the hashes of both, and by either id', async () => {
    const [kept, other] = [await verified(1), await verified(2)]
    const set = await openKnownSet(world.context, world.register, { indexes: indexSource('exact') })
    const joined = await world.transact((tx) =>
      world.register.join(tx, BO, kept, other, 'another encoding'),
    )
    expect(joined).toMatchObject({ id: kept, status: 'verified', joined: [other] })
    expect(joined.entries).toHaveLength(2)
    await set.catchUp()
    expect(set.items).toBe(1)
    for (const seed of [1, 2]) {
      const hits = await set.search(copyOf(pictureOf(seed), 9, 'whole'), 31)
      expect(hits.map(({ itemId, distance }) => [itemId, distance])).toEqual([[kept, 9]])
    }
    await set.close()
    expect((await world.register.get(other)).id).toBe(kept)
    expect(await world.register.list({})).toHaveLength(1)
    expect((await history(other)).map(([, action]) => action)).toContain('join')
    const again = { fingerprint: pictureOf(2), classification: 'Baseline' } as const
    await expect(world.register.propose(BO, again)).rejects.toThrow(kept)
  })

  it('are two again when that was a mistake, each with what came of it since', async () => {
    const [kept, other, third] = [await verified(1), await verified(2), await verified(3)]
    const set = await openKnownSet(world.context, world.register, { indexes: indexSource('exact') })
    await world.transact((tx) => world.register.join(tx, BO, other, third, 'another encoding'))
    await world.transact((tx) => world.register.join(tx, BO, kept, other, 'another encoding'))
    await world.transact((tx) =>
      world.register.lists.create(tx, ANNA, { name: 'partner', kind: 'partner' }),
    )
    const listed = { list: 'partner', classification: 'Baseline' } as const
    // The same bytes in another list: of the one that is parted.
    await world.register.propose(ANNA, { ...listed, fingerprint: pictureOf(2) })
    await world.transact((tx) =>
      world.register.dispute(tx, BO, { itemId: kept }, 'one of them is wrong'),
    )

    const parted = await world.transact((tx) =>
      world.register.part(tx, BO, kept, other, 'they are two'),
    )
    expect(parted).toMatchObject({ id: other, status: 'disputed', joined: [third] })
    expect(parted.entries.map(({ list }) => list)).toEqual(['own', 'own', 'partner'])
    expect(await world.register.get(kept)).toMatchObject({ id: kept, joined: [], entries: [{}] })
    expect((await world.register.get(third)).id).toBe(other)
    await set.catchUp()
    for (const [seed, id] of [
      [1, kept],
      [2, other],
      [3, other],
    ] as const) {
      const hits = await set.search(copyOf(pictureOf(seed), 9, 'whole'), 31)
      expect(hits.map(({ itemId }) => itemId)).toEqual([id])
    }
    await set.close()
    expect((await history(kept)).at(-1)).toEqual(['bo', 'part', `from ${other}`])
    const again = { fingerprint: pictureOf(2), classification: 'Baseline' } as const
    await expect(world.register.propose(BO, again)).rejects.toThrow(other)
    const items = await world.transact((tx) => world.register.entriesIn(tx, 'own', { limit: 10 }))
    expect(items.map(({ itemId }) => itemId)).toEqual([kept, other, other])

    await world.transact((tx) => world.register.part(tx, BO, other, third, 'three, in fact'))
    expect((await world.register.get(third)).id).toBe(third)
    for (const [from, wrong] of [
      [kept, other],
      [kept, kept],
      [other, third],
    ] as const) {
      const once = world.transact((tx) => world.register.part(tx, BO, from, wrong, 'again'))
      await expect(once).rejects.toMatchObject({ code: 'CONFLICT' })
    }
  })

  it('that are parted out of the middle leave the rest joined', async () => {
    const [kept, other, third] = [await verified(1), await verified(2), await verified(3)]
    await world.transact((tx) => world.register.join(tx, BO, other, third, 'another encoding'))
    await world.transact((tx) => world.register.join(tx, BO, kept, other, 'another encoding'))
    await world.transact((tx) => world.register.part(tx, BO, kept, third, 'not this one'))
    expect(await world.register.get(kept)).toMatchObject({ joined: [other], entries: [{}, {}] })
    await world.transact((tx) => world.register.part(tx, BO, kept, other, 'nor that one'))
    expect(await world.register.get(other)).toMatchObject({ id: other, joined: [], entries: [{}] })
    expect(await world.register.get(third)).toMatchObject({ id: third, joined: [], entries: [{}] })
  })

  it('silence nothing that answered review: who would is told to verify it first', async () => {
    const [kept, other] = [await verified(1), await verified(2)]
    const input = { fingerprint: pictureOf(3), classification: 'Baseline' } as const
    const { id: waiting } = await world.register.propose(ANNA, input)
    const set = await openKnownSet(world.context, world.register, { indexes: indexSource('exact') })
    const refused = {
      code: 'CONFLICT',
      message: expect.stringContaining('verify it first') as string,
    }
    for (const [one, two] of [
      [kept, waiting],
      [waiting, kept],
    ] as const) {
      const joining = world.transact((tx) =>
        world.register.join(tx, BO, one, two, 'another encoding'),
      )
      await expect(joining).rejects.toMatchObject(refused)
    }
    await set.catchUp()
    const found = async () =>
      (await set.search(copyOf(pictureOf(3), 9, 'whole'), 31)).map(({ itemId }) => itemId)
    expect(await found()).toEqual([waiting])
    await world.transact((tx) => world.register.verify(tx, BO, { itemId: waiting }))
    await world.transact((tx) => world.register.join(tx, BO, kept, waiting, 'another encoding'))
    await set.catchUp()
    expect(await found()).toEqual([kept])

    await world.transact((tx) =>
      world.register.lists.create(tx, ANNA, { name: 'benign', kind: 'allow' }),
    )
    const benign = await world.register.propose(ANNA, { fingerprint: pictureOf(4), list: 'benign' })
    await world.transact((tx) => world.register.verify(tx, BO, { itemId: benign.id }))
    for (const [one, two] of [
      [other, benign.id],
      [benign.id, other],
    ] as const) {
      const joining = world.transact((tx) =>
        world.register.join(tx, BO, one, two, 'another encoding'),
      )
      await expect(joining).rejects.toThrow('allow-list')
    }
    await set.close()
  })

  it('must be two', async () => {
    const [a, b] = [await verified(1), await verified(2)]
    await world.transact((tx) => world.register.join(tx, BO, a, b, 'same'))
    const again = world.transact((tx) => world.register.join(tx, BO, a, b, 'same'))
    await expect(again).rejects.toMatchObject({ code: 'CONFLICT' })
  })
})

describe('an item that floods', () => {
  const opened = (itemId: string, cases: number) =>
    world.transact((tx) => {
      for (let left = cases; left > 0; left -= 1) world.register.countCase(tx, itemId)
      return Promise.resolve()
    })
  const check = (itemId: string) =>
    world.transact((tx) => world.register.checkFlood(tx, itemId, FLOOD))

  it('goes into quarantine over the cap, and comes out by a person', async () => {
    const itemId = await verified(1)
    await opened(itemId, 3)
    expect(await world.transact((tx) => world.register.withFreshCases(tx, 10))).toEqual([itemId])
    expect(await check(itemId)).toBe('none')
    await world.transact((tx) => {
      world.register.doneWithFresh(tx, itemId)
      return Promise.resolve()
    })
    expect(await world.transact((tx) => world.register.withFreshCases(tx, 10))).toEqual([])
    await opened(itemId, 1)
    expect([await check(itemId), await check(itemId)]).toEqual(['begins', 'goes-on'])
    expect(await matching(itemId)).toBe('review')
    expect((await history(itemId)).at(-1)).toEqual([
      'hindra',
      'quarantine',
      '4 new cases in an hour',
    ])
    const released = await world.transact((tx) =>
      world.register.release(tx, BO, itemId, 'a known forum'),
    )
    expect(released).toMatchObject({ matching: 'automatic', quarantinedAt: null })
    await opened(itemId, 1)
    expect(await check(itemId)).toBe('none')
  })

  it('is measured by its own past', async () => {
    const itemId = await verified(1)
    // 360 cases in the 30 days before: one every two hours, so that 4 in one are no flood.
    await opened(itemId, 360)
    world.context.clock.advance(24 * HOUR_MS)
    await opened(itemId, 4)
    expect(await check(itemId)).toBe('none')
    await opened(itemId, 2)
    expect(await check(itemId)).toBe('begins')
  })
})
