import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTakedownWorld, partOf, type TakedownWorld } from './world.ts'

const URL_ONE = 'http://alpha.example/1.jpg'

let world: TakedownWorld
beforeEach(async () => {
  world = await openTakedownWorld({ undeliveredHours: 24 })
})
afterEach(() => world.dispose())

const notices = () => world.takedown.list()
const waiting = () => world.takedown.list({ undelivered: true })
const alerts = async () =>
  (await world.cases.alertFeed.read(undefined, 100)).filter(({ kind }) => kind === 'undelivered')
const lastId = async () => (await notices()).at(-1)?.id ?? ''

/** A notice went out, its case was taken back, and the relay refuses the correction. */
async function refusedCorrection(): Promise<string> {
  const caseId = await world.assessed(URL_ONE)
  await world.run()
  await world.transact(async (tx) => {
    await world.cases.takeBack(tx, 'anna', caseId, 'not-illegal', 'a mistake')
    world.takedown.correctForCase(tx, caseId)
  })
  world.server.behave('refuse-recipient')
  await world.run()
  world.server.behave('accept')
  return lastId()
}

describe('two notices that a relay refused', () => {
  it('go in a mail each where a person sends one of them elsewhere', async () => {
    world.server.behave('refuse-recipient')
    await world.assessed(URL_ONE)
    await world.assessed('http://alpha.example/2.jpg')
    await world.run()
    world.server.behave('accept')
    const [here = '', elsewhere = ''] = (await waiting()).map(({ id }) => id)
    await world.transact(async (tx) => {
      await world.takedown.retry(tx, 'anna', here)
      await world.takedown.retry(tx, 'anna', elsewhere, 'legal@alpha.example')
    })
    await world.run()
    const read = world.server.received.map((mail) => [mail.to, partOf(mail).notices])
    expect(read).toMatchObject([
      [['abuse@alpha.example'], [{ noticeId: here }]],
      [['legal@alpha.example'], [{ noticeId: elsewhere }]],
    ])
  })
})

describe('a correction that a relay refuses for good', () => {
  it('is alerted of at once, and again each day until somebody acts', async () => {
    const id = await refusedCorrection()
    expect(await alerts()).toMatchObject([
      { status: 'not-illegal', notice: { id, step: 'correction', times: 1 } },
    ])
    world.pass(23)
    await world.run()
    expect(await alerts()).toHaveLength(1)
    world.pass(1)
    await world.run()
    world.pass(24)
    await world.run()
    expect((await alerts()).map(({ notice }) => notice?.times)).toEqual([1, 2, 3])
    expect(await waiting()).toMatchObject([
      { id, state: 'failed', undelivered: { alerts: 3, setAside: null } },
    ])
    expect((await waiting())[0]?.undelivered?.remedy).toMatch(/wrongly told/)
    expect((await waiting())[0]?.lastError).toContain('550')
    expect(await world.takedown.undelivered()).toBe(1)
  })

  it('goes to another address where a person names one', async () => {
    const id = await refusedCorrection()
    const retried = await world.transact((tx) =>
      world.takedown.retry(tx, 'anna', id, 'legal@alpha.example'),
    )
    expect(retried).toMatchObject({ state: 'queued', recipient: 'legal@alpha.example' })
    expect(await waiting()).toEqual([])
    await world.run()
    expect(world.server.received.at(-1)?.to).toEqual(['legal@alpha.example'])
    expect(await world.takedown.get(id)).toMatchObject({ state: 'sent', undelivered: null })
    world.pass(48)
    await world.run()
    expect(await alerts()).toHaveLength(1)
    expect(await world.takedown.undelivered()).toBe(0)
  })

  it('goes on counting where the next try fails as well', async () => {
    const id = await refusedCorrection()
    world.server.behave('refuse-message')
    await world.takedown.retryFailed('anna')
    await world.run()
    expect((await alerts()).map(({ notice }) => notice)).toEqual([
      { id, step: 'correction', times: 1 },
      { id, step: 'correction', times: 2 },
    ])
  })

  it('is told by hand, and recorded as told', async () => {
    const id = await refusedCorrection()
    await world.transact((tx) => world.takedown.markTold(tx, 'anna', id))
    expect(await world.takedown.get(id)).toMatchObject({ state: 'sent', undelivered: null })
    const again = world.transact((tx) => world.takedown.markTold(tx, 'anna', id))
    await expect(again).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('is set aside for a reason, stays so, and is not sent with the others', async () => {
    const id = await refusedCorrection()
    const setAside = (reason: string) =>
      world.transact((tx) => world.takedown.setAside(tx, 'anna', id, reason))
    await expect(setAside(' ')).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'reason' })
    expect(await setAside('the company is no more')).toMatchObject({
      undelivered: { remedy: null, setAside: { by: 'anna', reason: 'the company is no more' } },
    })
    world.pass(48)
    await world.run()
    expect(await world.takedown.retryFailed('anna')).toBe(0)
    expect(await alerts()).toHaveLength(1)
    expect(await waiting()).toEqual([])
    await expect(
      world.transact((tx) => world.takedown.setAside(tx, 'anna', 'no-notice', 'x')),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

it('what waits for a fact and was set aside does not go once the fact is known', async () => {
  await world.dispose()
  world = await openTakedownWorld(
    {},
    {
      rules: [{ rule: 'all', why: 'as tested', tell: ['host', 'social-services'] }],
      flags: { 'route.addresses': { 'social-services': 'soc@home.example' } },
    },
  )
  const caseId = await world.assessed(URL_ONE)
  await world.run()
  const [held] = await waiting()
  expect(held).toMatchObject({ heldFor: 'facts', role: 'social-services' })
  await world.transact((tx) =>
    world.takedown.setAside(tx, 'anna', held?.id ?? '', 'they know already'),
  )
  const known = { childMunicipality: '1280' }
  await world.transact((tx) => world.cases.setCircumstances(tx, 'ola', caseId, known, 'as told'))
  await world.run()
  expect(await world.takedown.get(held?.id ?? '')).toMatchObject({ state: 'held' })
})

describe('a notice that a relay refuses for good', () => {
  it('waits for a person no longer than its case is at work', async () => {
    const caseId = await world.assessed(URL_ONE)
    world.server.behave('refuse-recipient')
    await world.run()
    expect(await waiting()).toMatchObject([{ caseId, step: 'notice' }])
    await world.transact((tx) => world.cases.close(tx, 'anna', caseId, 'gone by itself'))
    world.pass(1)
    await world.run()
    expect(await waiting()).toEqual([])
    expect(await alerts()).toHaveLength(1)
  })

  it('waits no more where somebody else is told in their place', async () => {
    world.names.set('moving.example', ['192.0.2.7'])
    await world.assessed('http://moving.example/1.jpg')
    world.server.behave('refuse-recipient')
    await world.run()
    world.server.behave('accept')
    expect(await waiting()).toHaveLength(1)
    world.names.set('moving.example', ['198.51.100.7'])
    world.pass(24)
    await world.run()
    expect(world.server.received.map(({ to }) => to)).toEqual([['abuse@beta.example']])
    expect(await waiting()).toEqual([])
    expect(await alerts()).toHaveLength(1)
  })

  it('is put back once, and only where there is one', async () => {
    await world.assessed(URL_ONE)
    world.server.behave('refuse-recipient')
    await world.run()
    const [first] = await waiting()
    await expect(
      world.transact((tx) => world.takedown.retry(tx, 'anna', 'no-notice')),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await world.transact((tx) => world.takedown.retry(tx, 'anna', first?.id ?? ''))
    const again = world.transact((tx) => world.takedown.retry(tx, 'anna', first?.id ?? ''))
    await expect(again).rejects.toMatchObject({ code: 'CONFLICT' })
  })
})
