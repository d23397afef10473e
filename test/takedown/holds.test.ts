import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HoldChange } from '../../src/takedown/index.ts'
import { POLICE_FIRST } from './policy.ts'
import { BETA, openTakedownWorld, type TakedownWorld } from './world.ts'

const DAY = 24

let world: TakedownWorld
let caseId: string
beforeEach(async () => {
  world = await openTakedownWorld({}, { rules: POLICE_FIRST })
  caseId = await world.assessed('http://alpha.example/1.jpg')
  await world.run()
})
afterEach(() => world.dispose())

const hold = (by: string, change: HoldChange) => world.takedown.hold(by, caseId, change)
const after = (hours: number) => new Date(Date.parse(world.now()) + hours * 3_600_000).toISOString()
const hosts = async () =>
  (await world.takedown.list()).filter(({ role }) => role === 'host').map(({ state }) => state)
const rung = async () =>
  (await world.cases.alertFeed.read(undefined, 1_000)).filter(({ kind }) => kind === 'hold-ends')
    .length

async function pass(hours: number): Promise<void> {
  world.pass(hours)
  await world.look(caseId, 'present')
  await world.run()
}

describe('a hold', () => {
  it('begins by the policy, which a list of notices shows', async () => {
    expect(await world.takedown.holdOf(caseId)).toMatchObject({
      state: 'waiting',
      by: 'hindra',
      voice: 'policy',
      until: after(72),
      ringsAt: after(60),
      longestUntil: after(14 * DAY),
    })
    const host = (await world.takedown.list()).find(({ role }) => role === 'host')
    expect(host?.hold).toMatchObject({ until: after(72), by: 'hindra' })
  })

  it("is made longer and shorter, by the house's clocks, of a case or of a notice", async () => {
    const host = (await world.takedown.list()).find(({ role }) => role === 'host')
    const change = { act: 'wait', until: after(100), theirNumber: 'K-1' } as const
    const longer = await world.takedown.hold('anna', host?.id ?? '', change)
    expect(longer).toMatchObject({ until: after(100), by: 'anna', theirNumber: 'K-1', caseId })
    expect(longer.untilLocal).toMatch(/ Europe\/Stockholm \(UTC\+0[12]:00\)$/)
    await pass(80)
    expect(await hosts()).toEqual(['held'])
    await hold('anna', { act: 'wait', until: after(1) })
    await pass(2)
    expect(await hosts()).toEqual(['sent'])
  })

  it.each([
    ['2026-12-01', 'time'],
    ['2020-01-01 12:00', 'past'],
    ['2027-03-28 02:30', 'skips'],
    ['2027-10-31 02:30', 'twice'],
  ])('until %s is refused by name', async (until, words) => {
    await expect(hold('anna', { act: 'wait', until })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining(words) as string,
    })
  })

  it('holds whoever is found to be the host later, too', async () => {
    await hold('anna', { act: 'wait', until: after(10 * DAY) })
    world.names.set('alpha.example', ['198.51.100.9'])
    const { queued } = await world.takedown.retrace('hindra', caseId)
    await pass(5 * DAY)
    const states = (await world.takedown.list()).map(({ recipient, state }) => [recipient, state])
    expect(queued).toBeGreaterThanOrEqual(0)
    expect(states.filter(([to]) => to === BETA.abuseContact)).not.toContainEqual([
      BETA.abuseContact,
      'sent',
    ])
    expect(await hosts()).not.toContain('sent')
  })

  it('of what is queued but was not handed over can begin again', async () => {
    world.server.behave('defer-message')
    await hold('anna', { act: 'release' })
    await pass(0.1)
    expect(await hosts()).toEqual(['queued'])
    await hold('anna', { act: 'wait', until: after(30) })
    world.server.behave('accept')
    await pass(20)
    expect(await hosts()).toEqual(['held'])
    await pass(11)
    expect(await hosts()).toEqual(['sent'])
    await expect(hold('anna', { act: 'release' })).rejects.toMatchObject({ code: 'CONFLICT' })
  })
})

describe('what takes two persons', () => {
  it('to forbid; until then it waits the longest time, and then goes by no time', async () => {
    const asked = await hold('anna', { act: 'forbid', reason: 'they watch the server' })
    expect(asked).toMatchObject({ proposed: true, state: 'waiting', until: after(14 * DAY) })
    await expect(hold('anna', { act: 'confirm' })).rejects.toMatchObject({ code: 'SAME_PERSON' })
    await expect(hold('anna-robot', { act: 'confirm' })).rejects.toMatchObject({
      code: 'SAME_PERSON',
    })
    await expect(hold('olle', { act: 'release' })).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await hold('olle', { act: 'confirm' })).toMatchObject({
      state: 'forbidden',
      until: null,
    })
    await pass(400 * DAY)
    expect(await hosts()).toEqual(['held'])
    const host = (await world.takedown.list()).find(({ role }) => role === 'host')
    expect(host).toMatchObject({ heldFor: 'forbidden', hold: { state: 'forbidden', by: 'anna' } })
    await expect(
      world.transact((tx) => world.takedown.release(tx, 'olle', host?.id ?? '')),
    ).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    await hold('olle', { act: 'release' })
    await pass(0.1)
    expect(await hosts()).toEqual(['sent'])
  })

  it('beyond the longest time; without them it goes then', async () => {
    expect(await hold('anna', { act: 'wait', until: after(20 * DAY) })).toMatchObject({
      proposed: true,
      until: after(14 * DAY),
    })
    await hold('olle', { act: 'reject', reason: 'too long' })
    await pass(15 * DAY)
    expect(await hosts()).toEqual(['sent'])
  })
})

describe('the duty address', () => {
  it('is rung twelve hours before the end, once for each end', async () => {
    await pass(59)
    expect([await rung(), world.called]).toEqual([0, []])
    await pass(1.5)
    await pass(1)
    expect([await rung(), world.called]).toEqual([1, [caseId]])
    await hold('anna', { act: 'wait', until: after(40) })
    await pass(27)
    expect(await rung()).toBe(1)
    await pass(2)
    expect(await rung()).toBe(2)
  })

  it('is rung at half its time where that is shorter than a day, and not for what was released', async () => {
    await hold('anna', { act: 'wait', until: after(6) })
    expect((await world.takedown.holdOf(caseId)).ringsAt).toBe(after(3))
    await pass(3.1)
    expect(await rung()).toBe(1)
    await hold('anna', { act: 'wait', until: after(40) })
    await hold('anna', { act: 'release' })
    await pass(50)
    expect(await rung()).toBe(1)
  })
})
