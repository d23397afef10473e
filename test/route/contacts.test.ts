import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CaseHost, NO_CIRCUMSTANCES } from '../../src/cases/index.ts'
import { hostWith, openRouting, type RoutingWorld, told } from './routing.ts'

const FOUND: Partial<CaseHost> = {
  country: 'VU',
  channel: { kind: 'mail', address: 'Abuse@Found.example' },
  contactSource: 'rdap-ip',
}

let world: RoutingWorld
beforeEach(async () => {
  world = await openRouting()
})
afterEach(() => world.context.dispose())

describe('a contact that a look-up found', () => {
  it('waits for a person, once, whatever its spelling', async () => {
    expect(told(await world.decide(FOUND))).toContain('host mail:abuse@found.example ?')
    await world.decide({ ...FOUND, channel: { kind: 'mail', address: 'abuse@found.EXAMPLE' } })
    const pending = await world.router.contacts.list({ state: 'pending' })
    expect(pending).toMatchObject([
      {
        state: 'pending',
        role: 'host',
        source: 'rdap-ip',
        channel: { kind: 'mail', address: 'Abuse@Found.example' },
        decidedBy: null,
      },
    ])
    await world.router.contacts.decide('ola', pending[0]?.id ?? '', 'approved', 'on their site')
    expect(told(await world.decide(FOUND))).toContain('host mail:abuse@found.example')
    expect(await world.router.contacts.list({ state: 'pending' })).toEqual([])
  })

  it('is not told where a person refused it', async () => {
    await world.decide(FOUND)
    const [contact] = await world.router.contacts.list()
    await world.router.contacts.decide('ola', contact?.id ?? '', 'refused', 'is a shop')
    const decision = await world.decide(FOUND)
    expect(told(decision)).toEqual(['interpol interpol'])
    expect(decision.unreachable).toContain('host: a person refused this contact')
  })

  it('is put down by a decision, and not by an explanation', async () => {
    const entry = { classification: 'Baseline', circumstances: NO_CIRCUMSTANCES } as const
    const { decision } = await world.router.explain(entry, hostWith(FOUND))
    expect(decision.recipients[0]?.needsApproval).toBe(true)
    expect(await world.router.contacts.list()).toEqual([])
  })

  it('needs nobody where the house named it, or the setting says so', async () => {
    const named = { ...FOUND, contactSource: 'override' } as const
    expect(told(await world.decide(named))).toContain('host mail:abuse@found.example')
    const trusting = await openRouting({ 'route.approveContacts': false })
    expect(told(await trusting.decide(FOUND))).toContain('host mail:abuse@found.example')
    await trusting.context.dispose()
  })

  it('is decided upon with a reason', async () => {
    await world.decide(FOUND)
    const [contact] = await world.router.contacts.list()
    await expect(
      world.router.contacts.decide('ola', contact?.id ?? '', 'approved', ' '),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'reason' })
    await expect(
      world.router.contacts.decide('ola', 'nobody', 'approved', 'x'),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
