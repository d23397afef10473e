import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Audit, createAudit } from '../../src/audit/index.ts'
import {
  createRegister,
  type EntryInput,
  hashSetOf,
  type ListedHash,
  type NewList,
  type Register,
} from '../../src/register/index.ts'
import { openTestContext, type TestContext } from '../context.ts'
import { hashOf, person, pictureOf } from './material.ts'

const ANNA = person('anna')
const BO = person('bo')

let context: TestContext
let audit: Audit
let register: Register

beforeEach(async () => {
  context = await openTestContext()
  audit = createAudit(context)
  register = createRegister(context, audit)
})
afterEach(() => context.dispose())

function create(list: NewList) {
  return context.store.transact((tx) => register.lists.create(tx, ANNA, list))
}

function change(
  name: string,
  policy: Parameters<Register['lists']['change']>[3],
  reason = 'agreed',
) {
  return context.store.transact((tx) => register.lists.change(tx, BO, name, policy, reason))
}

function enter(list: string, seed: number, more: Partial<EntryInput> = {}, by = ANNA) {
  const input = { list, hashes: pictureOf(seed), classification: 'Baseline', ...more } as const
  return context.store.transact((tx) => register.enter(tx, by, input))
}

function verify(itemId: string, by = BO, entryId?: string) {
  const target = entryId === undefined ? { itemId } : { itemId, entryId }
  return context.store.transact((tx) => register.verify(tx, by, target))
}

function known(itemId: string) {
  return context.store.transact((tx) => register.known(tx, itemId))
}

describe('lists', () => {
  it('own, allow and what children ask for are there from the beginning, strict', async () => {
    const lists = await context.store.transact((tx) => register.lists.all(tx))
    expect(lists.map(({ name, kind, fourEyes }) => [name, kind, fourEyes])).toEqual([
      ['allow', 'allow', true],
      ['own', 'own', true],
      ['own-requests', 'own', true],
    ])
  })

  it('count their entries by status', async () => {
    await create({ name: 'iwf', kind: 'partner' })
    const { item } = await enter('iwf', 1)
    await enter('iwf', 2)
    await verify(item.id)
    const view = await context.store.transact((tx) => register.lists.view(tx, 'iwf'))
    expect(view.entries).toEqual({ proposed: 1, verified: 1, disputed: 0, retracted: 0 })
  })

  it('keep who changed a policy, when and why', async () => {
    await create({ name: 'iwf', kind: 'partner' })
    await change('iwf', { reviewOnly: ['National', 'National'] }, 'see the agreement')
    const history = await context.store.transact((tx) => register.lists.history(tx, 'iwf'))
    expect(history.map(({ by, to, reason }) => [by, to.reviewOnly, reason])).toEqual([
      ['anna', [], null],
      ['bo', ['National'], 'see the agreement'],
    ])
    expect((await audit.entries({})).map(({ action }) => action)).toEqual([
      'list.create',
      'list.change',
    ])
  })

  it.each([
    [{ name: '-x', kind: 'partner' }, 'name'],
    [{ name: 'x'.repeat(256), kind: 'partner' }, 'name'],
    [{ name: 'x', kind: 'someone' }, 'kind'],
    [{ name: 'x', kind: 'own', arrivesAs: 'verified' }, 'arrivesAs'],
    [{ name: 'x', kind: 'partner', reviewOnly: ['Doubtful'] }, 'reviewOnly'],
  ])('refuse %o', async (list, field) => {
    await expect(create(list as NewList)).rejects.toMatchObject({ code: 'INVALID_INPUT', field })
  })

  it('have one name each, and must exist', async () => {
    await create({ name: 'iwf', kind: 'partner' })
    await expect(create({ name: 'iwf', kind: 'own' })).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(enter('ncmec', 1)).rejects.toMatchObject({ code: 'NOT_FOUND', field: 'list' })
  })
})

describe('one picture in several lists', () => {
  it('is one item by equal SHA-256, and each list has its own say', async () => {
    await create({ name: 'iwf', kind: 'partner' })
    const first = await enter('own', 1)
    const second = await enter('iwf', 1, {
      classification: 'National',
      description: { reference: 'A-7' },
    })
    expect([first.joined, second.joined, second.item.id]).toEqual([false, true, first.item.id])
    expect(second.item.entries.map(({ list, classification }) => [list, classification])).toEqual([
      ['own', 'Baseline'],
      ['iwf', 'National'],
    ])
    await expect(verify(first.item.id)).rejects.toMatchObject({ field: 'entryId' })
    const verified = await verify(first.item.id, BO, second.entryId)
    expect(verified).toMatchObject({ status: 'verified', classification: 'National' })
    // What two lists hold alike is searched once.
    expect((await known(first.item.id))?.fingerprints).toHaveLength(1)
  })

  it('decides nothing while one list disputes it', async () => {
    await create({ name: 'iwf', kind: 'partner', arrivesAs: 'verified' })
    const own = await enter('own', 1)
    const { item } = await enter('iwf', 1)
    expect(item).toMatchObject({ status: 'verified', matching: 'automatic' })
    await verify(item.id, BO, own.entryId)
    const dispute = { itemId: item.id, entryId: own.entryId }
    await context.store.transact((tx) => register.dispute(tx, BO, dispute, 'adult'))
    expect(await known(item.id)).toMatchObject({ status: 'disputed', matching: 'review' })
    const retracted = await context.store.transact((tx) =>
      register.retract(tx, BO, dispute, 'adult'),
    )
    expect(retracted).toMatchObject({ status: 'verified', matching: 'automatic' })
  })
})

describe('hashes that one person proposes for an item that two agreed on', () => {
  const planted = { ...pictureOf(2), sha256: pictureOf(1).sha256 }
  const sets = async (itemId: string) => (await known(itemId))?.fingerprints

  it('are not looked for until a second person has verified them', async () => {
    await create({ name: 'iwf', kind: 'partner' })
    const { item } = await enter('own', 1)
    await verify(item.id)
    const { entryId } = await enter('iwf', 0, { hashes: planted })
    expect(await sets(item.id)).toEqual([pictureOf(1)])
    const indexed = async () => {
      const [one] = await context.store.transact((tx) => register.indexed(tx, [item.id]))
      return one
    }
    const before = await indexed()
    await verify(item.id, BO, entryId)
    expect(await sets(item.id)).toEqual([pictureOf(1), planted])
    expect((await indexed())?.revision).toBeGreaterThan(before?.revision ?? 0)
  })

  it('veto nothing either', async () => {
    const { item } = await enter('allow', 1, { classification: 'Ignore' })
    await verify(item.id)
    await enter('own', 0, { hashes: planted })
    expect(await sets(item.id)).toEqual([pictureOf(1)])
  })
})

describe('the policy of a list', () => {
  it('can let one person verify alone, and the entry says so', async () => {
    await create({ name: 'small', kind: 'own', fourEyes: false })
    const { item } = await enter('small', 1)
    const { entries } = await verify(item.id, ANNA)
    expect(entries[0]).toMatchObject({ status: 'verified', verifiedBy: 'anna', onePerson: true })
  })

  it('can hold a class at review, verified or not', async () => {
    await create({ name: 'iwf', kind: 'partner', arrivesAs: 'verified', reviewOnly: ['National'] })
    const { item: held } = await enter('iwf', 1, { classification: 'National' })
    const { item: free } = await enter('iwf', 2)
    expect(await known(held.id)).toMatchObject({ status: 'verified', matching: 'review' })
    expect(await known(free.id)).toMatchObject({ matching: 'automatic' })
    await change('iwf', { reviewOnly: [] })
    expect(await known(held.id)).toMatchObject({ matching: 'automatic' })
  })

  it('of the allow-list has the last word once a second person agrees', async () => {
    const own = await enter('own', 1)
    await verify(own.item.id)
    const allowed = await enter('allow', 1, { classification: 'Ignore' })
    expect(await known(own.item.id)).toMatchObject({ matching: 'automatic', vetoes: false })
    await verify(own.item.id, BO, allowed.entryId)
    expect(await known(own.item.id)).toMatchObject({ matching: 'none', vetoes: true })
    await expect(enter('allow', 2)).rejects.toMatchObject({ field: 'classification' })
  })

  it('never makes more than review of what is harmful and no crime', async () => {
    const { item } = await enter('own', 1, { classification: 'Harmful' })
    await verify(item.id)
    expect(await known(item.id)).toMatchObject({ status: 'verified', matching: 'review' })
  })
})

describe('hashes without media', () => {
  const picture = pictureOf(1)
  const all: ListedHash[] = [
    { type: 'pdq', value: hashOf(picture).toUpperCase(), quality: 80 },
    { type: 'md5', value: picture.md5 },
    { type: 'photodna', value: '12,0,255' },
  ]

  it('are an entry as others are', async () => {
    await create({ name: 'ncmec', kind: 'partner' })
    const { item } = await enter('ncmec', 0, { hashes: hashSetOf(all), key: '42-7' })
    expect(item).toMatchObject({
      kind: 'unknown',
      quality: 80,
      entries: [{ hashTypes: ['md5', 'pdq', 'photodna'], hasher: null }],
    })
    const place = await context.store.transact((tx) => register.byKey(tx, 'ncmec', '42-7'))
    expect(place?.itemId).toBe(item.id)
    const [exported] = await context.store.transact((tx) =>
      register.entriesIn(tx, 'ncmec', { limit: 10 }),
    )
    expect(exported).toMatchObject({ key: '42-7', itemId: item.id })
    expect(exported?.hashes.opaque).toEqual([{ type: 'photodna', value: '12,0,255' }])
    expect(exported?.hashes.views[0]?.pdq).toBe(hashOf(picture))
  })

  it('are in a list once', async () => {
    const again = () => enter('own', 0, { hashes: hashSetOf(all) })
    const { item } = await again()
    await expect(again()).rejects.toThrow(item.id)
  })

  it.each<[string, ListedHash[]]>([
    ['HASH_INVALID', [{ type: 'pdq', value: 'ab' }]],
    ['HASH_INVALID', [{ type: 'photodna', value: '' }]],
    ['INVALID_INPUT', []],
    ['INVALID_INPUT', [{ type: 'md5', value: picture.md5, quality: 3 }]],
    [
      'INVALID_INPUT',
      [
        { type: 'md5', value: picture.md5 },
        { type: 'md5', value: picture.md5 },
      ],
    ],
    [
      'INVALID_INPUT',
      [
        { type: 'pdq', value: hashOf(picture) },
        { type: 'pdq', value: hashOf(picture, 1) },
      ],
    ],
  ])('are refused: %s %o', (code, hashes) => {
    expect(() => hashSetOf(hashes)).toThrow(expect.objectContaining({ code }) as Error)
  })
})
