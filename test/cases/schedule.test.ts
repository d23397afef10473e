import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { configWith } from '../../src/config.ts'
import type { Circumstances, NoticePage } from '../../src/cases/index.ts'
import { HOUR_MS } from '../../src/core/index.ts'
import { openWorld, type World } from './world.ts'

const { recheck } = configWith({})
let world: World
beforeEach(async () => {
  world = await openWorld(recheck)
})
afterEach(() => world.context.dispose())

const hoursAhead = (time: string | null) =>
  (Date.parse(time ?? '') - Date.parse(world.now())) / HOUR_MS

describe('looks', () => {
  it('are 1 to 4 h apart at first, then rarer, and nobody can foresee them', async () => {
    const { id } = await world.seen('https://one.example/a.jpg', 'item')
    const seen = new Map<number, number[]>()
    for (let day = 0; day < 20; day += 0.5) {
      const { nextRecheckAt } = await world.look(id, 'present')
      const step = day < 3 ? 0 : day < 14 ? 1 : 2
      seen.set(step, [...(seen.get(step) ?? []), hoursAhead(nextRecheckAt)])
      world.pass(12)
    }
    for (const [step, [from, to]] of [
      [1, 4],
      [6, 12],
      [20, 28],
    ].entries()) {
      const hours = seen.get(step) ?? []
      expect(Math.min(...hours)).toBeGreaterThanOrEqual(from ?? 0)
      expect(Math.max(...hours)).toBeLessThanOrEqual(to ?? 0)
      expect(new Set(hours).size).toBe(hours.length)
    }
  })

  it('come before the time that others are told, which is none where a person wants one later', async () => {
    const { id } = await world.seen('https://one.example/a.jpg', 'item')
    const by = () => world.transact((tx) => world.cases.lookedAtBy(tx, id, world.now()))
    for (const days of [0, 1, 2.9, 5, 20]) {
      world.pass(days * 24)
      await world.look(id, 'present')
      const { nextRecheckAt } = await world.cases.get(id)
      expect(hoursAhead(await by())).toBeGreaterThanOrEqual(hoursAhead(nextRecheckAt))
    }
    expect(hoursAhead(await by())).toBe(28)
    const at = new Date(Date.parse(world.now()) + 10 * 24 * HOUR_MS).toISOString()
    await world.transact((tx) =>
      world.cases.answerLook(tx, 'anna', id, { answer: 'look-again', at }, 'it asks for a login'),
    )
    expect(await by()).toBeNull()
    world.pass(10 * 24)
    await world.look(id, 'present')
    await world.remove(id)
    await world.seen('https://one.example/a.jpg', 'item')
    expect(hoursAhead(await by())).toBe(4)
  })

  it('go on for 90 days after removal, ever more rarely, and the case says why', async () => {
    const { id } = await world.seen('https://one.example/a.jpg', 'item')
    let entry = await world.remove(id)
    const removedAt = Date.parse(entry.removedAt ?? '')
    let looks = 0
    while (entry.nextRecheckAt !== null) {
      expect(entry.nextRecheckWhy).toMatch(/^every \d+ to \d+ h until 2027-01-31/)
      world.pass(hoursAhead(entry.nextRecheckAt))
      entry = await world.look(id, 'gone')
      looks += 1
    }
    const days = (Date.parse(world.now()) - removedAt) / (24 * HOUR_MS)
    expect(days).toBeLessThanOrEqual(90)
    expect(days).toBeGreaterThan(80)
    expect(looks).toBeGreaterThan(30)
    expect(entry.nextRecheckWhy).toBeNull()
  })

  it('that find it back open the case first in line, and count against who hosted it', async () => {
    const { id } = await world.seen('https://one.example/a.jpg', 'item')
    await world.host(id)
    await world.notify(id)
    await world.remove(id)
    const other = await world.seen('https://two.example/b.jpg', 'item')
    world.pass(30)
    await world.look(id, 'present')
    const due = await world.cases.dueForTrace(Date.parse(world.now()), 1)
    expect(due.map((entry) => entry.id)).toEqual([id])
    expect(other.id > id).toBe(true)
    await world.host(other.id)
    await world.host(id)
    expect(await world.cases.dueForNotice({ isUrgent: true })).toMatchObject([{ id }])
  })
})

describe('whose host is sought, and of which somebody is told, first', () => {
  const first = async () => (await world.cases.dueForTrace(Date.parse(world.now()), 1))[0]?.id
  const assess = (url: string, circumstances: Partial<Circumstances> = {}) => {
    const input = { url, classification: 'Baseline', reason: 'as tested', circumstances } as const
    return world.transact((tx) => world.cases.openFromAssessment(tx, 'anna', input))
  }

  it.each([{ ownRequest: true }, { inDangerNow: true }])(
    'is what is urgent (%j), from the beginning or since somebody said so',
    async (urgent) => {
      const before = await assess('https://one.example/a')
      const later = await assess('https://one.example/b')
      world.pass(0.1)
      expect(await first()).toBe(before.id)
      const { id } = await assess('https://one.example/c', urgent)
      expect(await first()).toBe(id)
      await world.host(id)
      expect(await first()).toBe(before.id)
      await world.transact((tx) =>
        world.cases.setCircumstances(tx, 'anna', later.id, urgent, 'as tested'),
      )
      expect(await first()).toBe(later.id)
      await world.host(before.id)
      await world.host(later.id)
      const told = async (page: NoticePage) =>
        (await world.cases.dueForNotice(page)).map((entry) => entry.id)
      expect(await told({})).toEqual([before.id, later.id, id])
      expect(await told({ isUrgent: true })).toEqual([later.id, id])
      await world.notify(later.id)
      expect(await told({ isUrgent: true })).toEqual([id])
    },
  )

  it('is not what has lost what made it urgent', async () => {
    const { id } = await assess('https://one.example/a', { ownRequest: true })
    await world.host(id)
    const change = { ownRequest: false }
    await world.transact((tx) => world.cases.setCircumstances(tx, 'anna', id, change, 'as tested'))
    expect(await world.cases.dueForNotice({ isUrgent: true })).toEqual([])
    expect(await world.cases.dueForNotice()).toMatchObject([{ id }])
  })
})
