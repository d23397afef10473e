import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openRouting, type RoutingWorld, told } from './routing.ts'

let world: RoutingWorld
beforeAll(async () => {
  world = await openRouting({ 'route.addresses': { 'social-services': 'general@house.example' } })
})
afterAll(() => world.context.dispose())
let place: string
let next = 1200
beforeEach(() => {
  next += 1
  place = String(next)
})

const entered = (by: string, mail: string) =>
  world.router.contacts.enter(by, {
    role: 'social-services',
    name: 'Socialtjänsten',
    mail,
    municipality: place,
    reason: 'is on their site',
  })

const asked = (circumstances: object) =>
  world.decide({ country: 'NL' }, { ownRequest: true, ...circumstances })

describe('social services', () => {
  it('are told where the child asks and its municipality is known, and not where it is not', async () => {
    const { recipients } = await asked({ childMunicipality: '1280' })
    expect(recipients.map(({ role }) => role)).toEqual(['police', 'host', 'social-services'])
    expect(told(await asked({})).join()).not.toMatch(/social-services/)
  })

  it('are told where a child is in danger now, behind the police and before the host', async () => {
    const decision = await world.decide(
      { country: 'NL' },
      { inDangerNow: true, childMunicipality: '1280' },
    )
    expect(decision.rule).toBe('in-danger-now')
    expect(decision.recipients.map(({ role }) => role)).toEqual([
      ...['police', 'social-services', 'host'],
    ])
    expect(decision.recipients.every(({ priority }) => priority === 1)).toBe(true)
    expect(decision.recipients[2]?.hold).toMatchObject({ until: 'police-release' })
  })

  it('without an address of the place are told by hand, by its name, and never those of another', async () => {
    const { recipients } = await asked({ childMunicipality: '1280' })
    expect(recipients.at(-1)).toMatchObject({
      key: 'by-hand:social-services:1280',
      name: 'Socialtjänsten, Malmö',
      channel: { kind: 'by-hand' },
    })
  })

  it('are told by the general address only where the place is not known', async () => {
    const [general] = (await asked({ referral: true })).recipients.slice(-1)
    expect(general?.key).toBe('mail:general@house.example')
  })
})

describe('an address that the house enters', () => {
  it('counts once a second person has approved it', async () => {
    const { id } = await entered('ann', 'soc@one.example')
    const keyNow = async () => (await asked({ childMunicipality: place })).recipients.at(-1)?.key
    expect(await keyNow()).toBe(`by-hand:social-services:${place}`)
    await expect(
      world.router.contacts.decide('ann', id, 'approved', 'my own'),
    ).rejects.toMatchObject({ code: 'SAME_PERSON' })
    expect(await keyNow()).toBe(`by-hand:social-services:${place}`)
    await world.router.contacts.decide('bob', id, 'approved', 'rang them')
    expect(await keyNow()).toBe('mail:soc@one.example')
    const [told] = (await asked({ childMunicipality: place })).recipients.slice(-1)
    expect(told?.needsApproval).toBe(false)
  })

  it('is approved by no machine of whoever entered it, and by nobody where a machine of nobody did', async () => {
    const approve = (by: string, id: string) =>
      world.router.contacts.decide(by, id, 'approved', 'rang them')
    for (const [first, second] of [
      ['ann-robot', 'ann'],
      ['ann', 'ann-robot'],
      ['stray-robot', 'bob'],
      ['ann', 'stray-robot'],
    ] as const) {
      const { id } = await entered(first, 'soc@one.example')
      await expect(approve(second, id)).rejects.toMatchObject({ code: 'SAME_PERSON' })
    }
    const { id } = await entered('ann-robot', 'soc@one.example')
    expect(await approve('bob', id)).toMatchObject({ state: 'approved' })
  })

  it('is in force until another one is approved, and then no more', async () => {
    const first = await entered('ann', 'old@one.example')
    await world.router.contacts.decide('bob', first.id, 'approved', 'rang them')
    const second = await entered('ann', 'new@one.example')
    const mailNow = async () => (await asked({ childMunicipality: place })).recipients.at(-1)?.key
    expect(await mailNow()).toBe('mail:old@one.example')
    await world.router.contacts.decide('bob', second.id, 'approved', 'they moved')
    expect(await mailNow()).toBe('mail:new@one.example')
    const all = await world.router.contacts.list({ limit: 1_000 })
    expect(all.find(({ id }) => id === first.id)).toMatchObject({ state: 'refused' })
    await world.router.contacts.decide('bob', second.id, 'refused', 'it was wrong')
    expect(await mailNow()).toBe(`by-hand:social-services:${place}`)
  })
})
