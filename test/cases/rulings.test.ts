import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Case } from '../../src/cases/index.ts'
import { openWorld, type World } from './world.ts'

const URL_A = 'https://one.example/a.jpg'

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.context.dispose())

const decide = (id: string, decision: 'accepted' | 'rejected', reason = 'looked at both') =>
  world.transact((tx) => world.cases.decide(tx, 'anna', id, decision, reason))
const close = (id: string, reason = 'done') =>
  world.transact((tx) => world.cases.close(tx, 'anna', id, reason))
const rule = (what: 'retractItem' | 'disputeItem' | 'verifyItem', item = 'item', limit?: number) =>
  world.transact((tx) => world.cases[what](tx, 'bert', item, limit))

describe('a decision', () => {
  it('accepted makes the case actionable', async () => {
    const { id } = await world.seen(URL_A, 'item', 'review')
    const accepted = await decide(id, 'accepted')
    expect(accepted).toMatchObject({ status: 'open', decision: 'accepted' })
    expect(accepted.nextRecheckAt).not.toBeNull()
    expect(accepted.history.at(-1)).toMatchObject({
      by: 'anna',
      from: 'open',
      to: 'open',
      reason: 'looked at both',
    })
    expect(await world.alertKinds()).toEqual(['review', 'opened'])
    expect((await world.audit.entries({})).at(-1)).toMatchObject({
      by: 'anna',
      action: 'case.decide',
      subject: id,
      detail: { decision: 'accepted' },
    })
  })

  it('rejected closes the case', async () => {
    const { id } = await world.seen(URL_A, 'item', 'review')
    expect(await decide(id, 'rejected')).toMatchObject({
      status: 'closed',
      decision: 'rejected',
      closedReason: 'rejected-match',
      nextRecheckAt: null,
    })
  })

  it('is made once, and only where one is pending', async () => {
    const { id } = await world.seen(URL_A, 'item', 'review')
    const exact = await world.seen('https://two.example/b.jpg', 'item')
    const outcomes = await Promise.allSettled([decide(id, 'accepted'), decide(id, 'rejected')])
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expect(decide(exact.id, 'accepted')).rejects.toMatchObject({ code: 'CASE_STATE' })
    await expect(decide('nothing', 'accepted')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('states its reason', async () => {
    const { id } = await world.seen(URL_A, 'item', 'review')
    const refused = { code: 'INVALID_INPUT', field: 'reason' }
    await expect(decide(id, 'accepted', ' ')).rejects.toMatchObject(refused)
    await expect(close(id, '')).rejects.toMatchObject(refused)
    expect(await world.cases.get(id)).toMatchObject({ status: 'open', decision: 'pending' })
  })

  it('accepts nothing on behalf of the second person who must verify the item', async () => {
    await world.item('item', { status: 'proposed' })
    const { id } = await world.seen(URL_A, 'item', 'exact')
    expect(await decide(id, 'accepted')).toMatchObject({ nextRecheckAt: null })
    expect(await world.cases.dueForTrace(world.context.clock.now())).toEqual([])
    expect(await world.alertKinds()).toEqual(['review'])
    await rule('verifyItem')
    expect(await world.cases.dueForTrace(world.context.clock.now())).toHaveLength(1)
  })
})

describe('closing', () => {
  it('keeps the reason and ends every schedule', async () => {
    const { id } = await world.seen(URL_A, 'item')
    expect(await close(id, 'with the police')).toMatchObject({
      status: 'closed',
      closedReason: 'with the police',
      nextRecheckAt: null,
    })
    await expect(close(id)).rejects.toMatchObject({ code: 'CASE_STATE' })
    await expect(world.look(id, 'gone')).rejects.toMatchObject({ code: 'CASE_STATE' })
  })
})

describe('when an item is retracted', () => {
  it('its live cases are retracted, and only those', async () => {
    const open = await world.seen('https://one.example/1', 'item')
    const removed = await world.seen('https://one.example/2', 'item')
    const closed = await world.seen('https://one.example/3', 'item')
    const other = await world.seen('https://one.example/1', 'other')
    await world.remove(removed.id)
    await close(closed.id)
    const changed = await rule('retractItem')
    expect(ids(changed)).toEqual([open.id, removed.id])
    for (const { status, nextRecheckAt } of changed) {
      expect({ status, nextRecheckAt }).toEqual({ status: 'retracted', nextRecheckAt: null })
    }
    expect((await world.cases.get(closed.id)).status).toBe('closed')
    expect((await world.cases.get(other.id)).status).toBe('open')
  })

  it('goes through many in portions', async () => {
    const opened: Case[] = []
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      opened.push(await world.seen(`https://one.example/${name}`, 'item'))
    }
    const portions = [
      await rule('retractItem', 'item', 2),
      await rule('retractItem', 'item', 2),
      await rule('retractItem', 'item', 2),
      await rule('retractItem', 'item', 2),
    ]
    expect(portions.map(({ length }) => length)).toEqual([2, 2, 1, 0])
    expect(ids(portions.flat())).toEqual(ids(opened))
  })
})

describe('when an item is disputed', () => {
  it('its live cases wait, and go on where they were once it is verified again', async () => {
    const open = await world.seen('https://one.example/1', 'item')
    const told = await world.seen('https://one.example/2', 'item')
    const removed = await world.seen('https://one.example/3', 'item')
    await world.host(told.id)
    await world.notify(told.id)
    await world.remove(removed.id)

    const disputed = await rule('disputeItem')
    expect(disputed.map(({ status }) => status)).toEqual(['disputed', 'disputed', 'disputed'])
    expect(await rule('disputeItem')).toEqual([])
    const far = world.context.clock.now() + 1e12
    expect(await world.cases.dueForRecheck(far)).toEqual([])
    expect(await world.cases.dueForTrace(far)).toEqual([])

    const restored = await rule('verifyItem')
    expect(restored.map(({ id, status }) => [id, status])).toEqual([
      [open.id, 'open'],
      [told.id, 'in-progress'],
      [removed.id, 'removed'],
    ])
    expect(await rule('verifyItem')).toEqual([])
    expect(ids(await world.cases.dueForRecheck(far)).sort()).toEqual(ids(restored).sort())
  })

  it('a sighting only counts meanwhile', async () => {
    const { id } = await world.seen(URL_A, 'item')
    await world.item('item', { status: 'disputed' })
    await rule('disputeItem')
    expect(await world.seen(URL_A, 'item')).toMatchObject({ id, status: 'disputed', sightings: 2 })
  })
})

describe('when an item is verified', () => {
  it('what waited for that counts for what it is', async () => {
    await world.item('item', { status: 'proposed' })
    const { id } = await world.seen(URL_A, 'item', 'confirmed')
    const weak = await world.seen('https://one.example/weak', 'item', 'review')
    await rule('verifyItem')
    expect(await world.cases.get(id)).toMatchObject({
      verdict: 'confirmed',
      decision: 'not-needed',
      itemVerified: true,
    })
    expect(await world.cases.get(weak.id)).toMatchObject({ verdict: 'review', decision: 'pending' })
    expect(await world.alertKinds()).toEqual(['review', 'review', 'seen-again'])
  })
})

function ids(cases: readonly Case[]): string[] {
  return cases.map(({ id }) => id)
}
