import { afterEach, beforeEach, expect, it } from 'vitest'
import { openTakedownWorld, type TakedownWorld } from './world.ts'

const URL = 'http://alpha.example/1.jpg'

let world: TakedownWorld
beforeEach(async () => {
  world = await openTakedownWorld(
    {},
    { rules: [{ rule: 'all', why: 'w', tell: ['social-services'] }] },
  )
})
afterEach(() => world.dispose())

async function known(): Promise<string> {
  const id = await world.assessed(URL)
  await world.transact((tx) =>
    world.cases.setCircumstances(tx, 'ola', id, { childMunicipality: '1280' }, 'the child says so'),
  )
  await world.run()
  return id
}

it('a missing address is an act for a person, who is alerted of it', async () => {
  const caseId = await known()
  const [notice] = await world.takedown.list({ caseId })
  expect(notice).toMatchObject({
    state: 'queued',
    channel: 'by-hand',
    role: 'social-services',
    hostName: 'Socialtjänsten, Malmö',
  })
  const alerts = await world.cases.alertFeed.read(undefined, 10)
  expect(alerts.filter(({ kind }) => kind === 'by-hand')).toMatchObject([
    { caseId, notice: { id: notice?.id, step: 'notice', times: 1 } },
  ])
  await world.run()
  expect(await world.cases.alertFeed.read(undefined, 10)).toHaveLength(alerts.length)
  const told = await world.transact((tx) => world.takedown.markTold(tx, 'ola', notice?.id ?? ''))
  expect(told.state).toBe('sent')
})

it('what waited for an address goes there once it is approved', async () => {
  const caseId = await known()
  const { id } = await world.router.contacts.enter('ann', {
    role: 'social-services',
    name: 'Malmö stad',
    mail: 'soc@malmo.example',
    municipality: '1280',
    reason: 'is on their site',
  })
  expect(await world.takedown.readdressByHand('ann')).toBe(0)
  await world.router.contacts.decide('bob', id, 'approved', 'rang them')
  expect(await world.takedown.readdressByHand('bob')).toBe(1)
  await world.run()
  expect(world.server.received.map(({ to }) => to)).toEqual([['soc@malmo.example']])
  const { parsed } = world.server.received[0] ?? {}
  expect(parsed?.attachments).toEqual([])
  expect(parsed?.subject).toMatch(/Oro för ett barn i Malmö$/)
  expect(parsed?.text).toContain('Till socialtjänsten i Malmö,')
  const states = (await world.takedown.list({ caseId })).map(({ channel, state }) => [
    channel,
    state,
  ])
  expect(states).toEqual([
    ['by-hand', 'withdrawn'],
    ['mail', 'sent'],
  ])
})
