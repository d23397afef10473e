import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HostContact } from '../../src/cases/index.ts'
import { matchOf } from '../cases/world.ts'
import { HOTLINE_FIRST } from './policy.ts'
import { openTakedownWorld, type TakedownWorld } from './world.ts'

let world: TakedownWorld
beforeEach(async () => {
  world = await openTakedownWorld()
})
afterEach(() => world.dispose())

function contact(role: HostContact['role'], address: string): HostContact {
  return { role, name: role, channel: { kind: 'mail', address }, source: 'rdap-ip' }
}

const EVERYBODY = [
  contact('site-owner', 'owner@site.example'),
  contact('registrar', 'abuse@registrar.example'),
  contact('upstream', 'noc@upstream.example'),
]

/** The police agree to whatever waits for that. */
async function policeAgree(): Promise<void> {
  for (const { id, heldFor } of await world.takedown.list({ state: 'held' })) {
    if (heldFor === 'facts') await world.transact((tx) => world.takedown.release(tx, 'anna', id))
  }
  await world.run()
}

/** Hours pass, it is seen again, and everything due is done. */
async function stillThere(id: string, hours: number): Promise<void> {
  world.pass(hours)
  await world.look(id, 'present')
  await world.run()
}

const told = async (id: string) =>
  (await world.takedown.list({ caseId: id })).map(({ step, state, recipient }) =>
    [step, state, recipient].join(' '),
  )
const mailsTo = () => world.server.received.flatMap(({ to }) => to)

describe('the ladder', () => {
  it('is climbed rung by rung while it is still there, each once', async () => {
    world.contacts.push(...EVERYBODY)
    const id = await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    for (let hour = 0; hour < 400; hour += 12) {
      await stillThere(id, 12)
      await policeAgree()
    }
    expect(await told(id)).toEqual([
      'notice sent abuse@alpha.example',
      'reminder sent abuse@alpha.example',
      'site-owner sent owner@site.example',
      'registrar sent abuse@registrar.example',
      'upstream sent noc@upstream.example',
    ])
    const sent = (await world.takedown.list()).map(({ sentAt }) => Date.parse(sentAt ?? ''))
    expect(sent.map((ms) => (ms - (sent[0] ?? 0)) / 3_600_000)).toEqual([0, 24, 48, 96, 144])
    expect(world.server.received.at(-1)?.parsed.text).toContain('Alpha Hosting')
    expect((await world.takedown.list())[0]).toMatchObject({ nextRung: null, nextRungAt: null })
  })

  it('goes at once past rungs that have nobody where nobody has read the notice', async () => {
    world.contacts.push(contact('upstream', 'noc@upstream.example'))
    world.server.behave('refuse-recipient')
    const id = await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    world.server.behave('accept')
    await stillThere(id, 1)
    expect(await told(id)).toEqual([
      'notice failed abuse@alpha.example',
      'upstream sent noc@upstream.example',
    ])
  })

  it('leaves out rungs that have nobody, or who was told already', async () => {
    world.contacts.push(contact('site-owner', 'abuse@alpha.example'))
    world.contacts.push(contact('upstream', 'noc@upstream.example'))
    const id = await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    for (let hour = 0; hour < 200; hour += 12) await stillThere(id, 12)
    expect(mailsTo()).toEqual([
      'abuse@alpha.example',
      'abuse@alpha.example',
      'noc@upstream.example',
    ])
  })

  it.each(['removed', 'disputed', 'retracted', 'closed'])(
    'ends with a case that is %s',
    async (end) => {
      world.contacts.push(...EVERYBODY)
      const { id } = await world.seen('http://alpha.example/1.jpg', 'item-1')
      await world.run()
      await stillThere(id, 30)
      const before = mailsTo().length
      if (end === 'removed') await world.remove(id)
      if (end === 'disputed')
        await world.transact((tx) => world.cases.disputeItem(tx, 'a', 'item-1'))
      if (end === 'retracted')
        await world.transact((tx) => world.cases.retractItem(tx, 'a', 'item-1'))
      if (end === 'closed')
        await world.transact((tx) => world.cases.close(tx, 'a', id, 'as tested'))
      for (let hour = 0; hour < 400; hour += 24) {
        world.pass(24)
        await world.run()
      }
      // That it is gone is told, and nothing else.
      const steps = world.server.received
        .slice(before)
        .map(({ parsed }) => parsed.headers.get('x-hindra-step'))
      expect(steps).toEqual(end === 'removed' ? ['removed'] : [])
    },
  )

  it('goes to the next rung at once where the first notice is refused', async () => {
    world.contacts.push(...EVERYBODY)
    const id = await world.assessed('http://alpha.example/1.jpg')
    world.server.behave('refuse-recipient')
    await world.run()
    world.server.behave('accept')
    await stillThere(id, 1)
    await policeAgree()
    expect(await told(id)).toEqual([
      'notice failed abuse@alpha.example',
      'site-owner sent owner@site.example',
    ])
  })

  it('does not tell the owner of a site before the police agree, and waits for nobody behind', async () => {
    world.contacts.push(...EVERYBODY)
    const id = await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    for (let hour = 0; hour < 200; hour += 12) await stillThere(id, 12)
    expect(await told(id)).toEqual([
      'notice sent abuse@alpha.example',
      'reminder sent abuse@alpha.example',
      'site-owner held owner@site.example',
      'registrar sent abuse@registrar.example',
      'upstream sent noc@upstream.example',
    ])
    const [waits] = await world.takedown.list({ undelivered: true })
    expect(waits).toMatchObject({ heldFor: 'facts', step: 'site-owner', role: 'site-owner' })
    expect(waits?.lastError).toContain('the police have not agreed yet')
    expect(waits?.undelivered?.alerts).toBeGreaterThan(1)
    await policeAgree()
    expect(mailsTo().at(-1)).toBe('owner@site.example')
    expect(await world.takedown.list({ undelivered: true })).toEqual([])
  })

  it('keeps its hours where the clock was set back before a rung went out', async () => {
    world.contacts.push(...EVERYBODY)
    const id = await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    world.pass(24)
    await world.look(id, 'present')
    await world.takedown.queueDue('hindra')
    world.pass(-24)
    await world.run()
    expect(mailsTo()).toEqual(['abuse@alpha.example', 'abuse@alpha.example'])
    // Set right again, it is an hour since the reminder and not a day.
    world.pass(24)
    await stillThere(id, 1)
    expect(mailsTo()).toHaveLength(2)
    await stillThere(id, 23)
    await policeAgree()
    expect(mailsTo()[2]).toBe('owner@site.example')
  })

  it('starts anew with the host abroad whose hotline could not help, after the time set', async () => {
    await world.dispose()
    world = await openTakedownWorld({}, { rules: HOTLINE_FIRST })
    world.contacts.push(...EVERYBODY)
    const id = await world.assessed('http://beta.example/1.jpg')
    await world.run()
    expect(await told(id)).toEqual(['notice queued iccam:NL', 'notice queued interpol'])
    const [hotline, interpol] = await world.takedown.list()
    for (const notice of [hotline, interpol]) {
      await world.transact((tx) => world.takedown.markTold(tx, 'hindra', notice?.id ?? ''))
    }
    expect(await world.cases.get(id)).toMatchObject({ status: 'in-progress' })
    await stillThere(id, 71)
    expect(mailsTo()).toEqual([])
    await stillThere(id, 2)
    await stillThere(id, 25)
    await stillThere(id, 25)
    await policeAgree()
    expect(await told(id)).toEqual([
      'notice sent iccam:NL',
      'notice sent interpol',
      'notice sent abuse@beta.example',
      'reminder sent abuse@beta.example',
      'site-owner sent owner@site.example',
    ])
  })
})

describe('hashes that a crawler sends of what nobody sees', () => {
  it('make no letter leave', async () => {
    world.contacts.push(...EVERYBODY)
    const { id } = await world.seen('http://alpha.example/1.jpg', 'item-1')
    await world.run()
    const before = await told(id)
    for (let day = 0; day < 10; day += 1) {
      world.pass(24)
      const match = matchOf('item-1', 'review', { clientSupplied: true })
      await world.see('http://alpha.example/1.jpg', [match])
      await world.run()
    }
    expect((await world.cases.get(id)).sightings).toBe(11)
    expect(await told(id)).toEqual(before)
    await stillThere(id, 1)
    expect(await told(id)).not.toEqual(before)
  })
})

describe('a correction', () => {
  const retract = () =>
    world.transact(async (tx) => {
      for (const { id } of await world.cases.retractItem(tx, 'bert', 'item-1')) {
        await world.takedown.withdrawForCase(tx, 'bert', id)
        world.takedown.correctForCase(tx, id)
      }
    })

  it('goes once to each who was told, whatever the rung, and to nobody else', async () => {
    world.contacts.push(...EVERYBODY)
    const { id } = await world.seen('http://alpha.example/1.jpg', 'item-1')
    await world.run()
    await stillThere(id, 25)
    await stillThere(id, 25)
    await policeAgree()
    const before = mailsTo().length
    await world.seen('http://beta.example/2.jpg', 'item-1')
    await world.takedown.queueDue('hindra')
    await retract()
    for (let run = 0; run < 3; run += 1) await world.run()
    const corrections = world.server.received.slice(before)
    expect(corrections.map(({ to }) => to[0]).sort()).toEqual([
      'abuse@alpha.example',
      'owner@site.example',
    ])
    for (const { parsed } of corrections) {
      expect(parsed.headers.get('x-hindra-step')).toBe('correction')
      // Mail gateways fetch plain links: only desks that take reports get them.
      expect(parsed.text).toMatch(/(http:\/\/alpha\.|hxxp:\/\/alpha\[\.\])example\/1\.jpg/)
      expect(parsed.references).toBeDefined()
    }
  })

  it('goes also to whom a mail of unknown fate may have told', async () => {
    await world.seen('http://alpha.example/1.jpg', 'item-1')
    world.server.behave('take-and-drop')
    await world.run()
    await retract()
    world.server.behave('accept')
    world.pass(1)
    await world.run()
    await world.run()
    const steps = world.server.received.map(({ parsed }) => parsed.headers.get('x-hindra-step'))
    expect(steps).toEqual(['notice', 'correction'])
  })

  it('is owed for a case that never was illegal', async () => {
    const id = await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    await world.transact(async (tx) => {
      world.takedown.correctForCase(tx, id)
      await world.cases.takeBack(tx, 'anna', id, 'not-illegal', 'looked again')
    })
    await world.run()
    expect(await told(id)).toEqual([
      'notice sent abuse@alpha.example',
      'correction sent abuse@alpha.example',
    ])
    expect(await world.cases.get(id)).toMatchObject({ status: 'not-illegal' })
  })
})
