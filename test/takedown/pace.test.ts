import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { simpleParser } from 'mailparser'
import { type LookFirst } from '../../src/takedown/index.ts'
import { POLICE_FIRST } from './policy.ts'
import { openTakedownWorld, type TakedownWorld } from './world.ts'

let world: TakedownWorld
beforeEach(async () => {
  world = await openTakedownWorld()
})
afterEach(() => world.dispose())

async function reopen(...args: Parameters<typeof openTakedownWorld>): Promise<void> {
  await world.dispose()
  world = await openTakedownWorld(...args)
}
const mailsTo = () => world.server.received.flatMap(({ to }) => to)
const states = async () =>
  (await world.takedown.list()).map(({ role, state }) => `${role} ${state}`)

describe('held for the police', () => {
  beforeEach(() => reopen({}, { rules: POLICE_FIRST }))

  it('until they release it', async () => {
    const id = await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    expect(mailsTo()).toEqual(['ocg@police.example'])
    expect(await states()).toEqual(['police sent', 'host held'])
    expect(await world.cases.get(id)).toMatchObject({ status: 'in-progress' })
    world.pass(10)
    await world.run()
    const [police, host] = await world.takedown.list()
    await expect(
      world.transact((tx) => world.takedown.release(tx, 'anna', police?.id ?? '')),
    ).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    expect(
      await world.transact((tx) => world.takedown.release(tx, 'anna', host?.id ?? '')),
    ).toMatchObject({ state: 'queued' })
    await world.run()
    expect(mailsTo()).toEqual(['ocg@police.example', 'abuse@alpha.example'])
    const text = world.server.received[0]?.parsed.text
    expect(text?.replace(/\s+/g, ' ')).toContain('vi väntar med att underrätta Alpha Hosting till')
  })

  it('or until the time set is over, and not before', async () => {
    await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    world.pass(71.9)
    await world.run()
    expect(await states()).toEqual(['police sent', 'host held'])
    world.pass(0.2)
    await world.run()
    expect(await states()).toEqual(['police sent', 'host sent'])
  })

  it('and withdrawn with its case', async () => {
    const id = await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    await world.transact(async (tx) => {
      await world.takedown.withdrawForCase(tx, 'anna', id)
      await world.cases.close(tx, 'anna', id, 'mistake')
    })
    world.pass(100)
    await world.run()
    expect(mailsTo()).toEqual(['ocg@police.example'])
    expect(await states()).toEqual(['police sent', 'host withdrawn'])
  })

  it('and withdrawn where it is gone by the time that they release it', async () => {
    const id = await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    await world.remove(id)
    world.pass(80)
    await world.run()
    // The police hear that it is gone; the host, who was never told of it, does not.
    expect(await states()).toEqual(['police sent', 'host withdrawn', 'police sent'])
  })
})

describe('held for approval', () => {
  const APPROVING = { flags: { 'route.approveContacts': true } }
  const UNKNOWN = { kind: 'mail', address: 'noc@upstream.example' } as const

  it('goes where a person approves the contact, and nowhere where one refuses it', async () => {
    await reopen({ siteOwnerHours: 25, registrarHours: 25, upstreamHours: 25 }, APPROVING)
    world.contacts.push({ role: 'upstream', name: 'X', channel: UNKNOWN, source: 'rdap-ip' })
    const id = await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    for (let hour = 0; hour < 36; hour += 12) {
      world.pass(12)
      await world.look(id, 'present')
      await world.run()
    }
    expect(mailsTo()).toEqual(['abuse@alpha.example', 'abuse@alpha.example'])
    expect((await states()).at(-1)).toBe('upstream held')
    const [contact] = await world.router.contacts.list()
    await world.router.contacts.decide('otto', contact?.id ?? '', 'approved', 'called them')
    await world.run()
    expect(mailsTo().at(-1)).toBe(UNKNOWN.address)
    expect((await states()).at(-1)).toBe('upstream sent')
  })
})

describe('hours of rest', () => {
  it('let nothing out but corrections, and are those of the operator', async () => {
    // The world begins at 08:00 UTC, which is 09:00 in Stockholm.
    await reopen({ quietFrom: '22:00', quietTo: '09:30', timeZone: 'Europe/Stockholm' })
    const wrong = await world.assessed('http://alpha.example/1.jpg')
    const start = world.now()
    expect(await world.run()).toMatchObject({ queued: 1, mailsSent: 0, problems: [] })
    expect(await world.takedown.dispatch('hindra')).toMatchObject({ isQuiet: true, mailsSent: 0 })
    world.pass(0.6)
    expect(await world.takedown.dispatch('hindra')).toMatchObject({ isQuiet: false, mailsSent: 1 })
    world.pass(14)
    await world.transact(async (tx) => {
      world.takedown.correctForCase(tx, wrong)
      await world.cases.takeBack(tx, 'anna', wrong, 'not-illegal', 'as tested')
    })
    await world.assessed('http://beta.example/1.jpg')
    expect(await world.run()).toMatchObject({ queued: 2, mailsSent: 1 })
    expect(mailsTo()).toEqual(['abuse@alpha.example', 'abuse@alpha.example'])
    expect(start).toMatch(/T08:00/)
  })

  it('can be weekends', async () => {
    await reopen({ quietWeekends: true })
    await world.assessed('http://alpha.example/1.jpg')
    // From Monday 2026-11-02 to the Saturday after.
    world.pass(5 * 24)
    expect(await world.run()).toMatchObject({ mailsSent: 0 })
    world.pass(48)
    expect(await world.run()).toMatchObject({ mailsSent: 1 })
  })
})

describe('the cap on mails to one recipient a day', () => {
  it('holds over until the next day, and bars nobody else', async () => {
    await reopen({ urlsPerMailMax: 1, mailsPerRecipientDay: 2 })
    for (let n = 0; n < 3; n += 1) await world.assessed(`http://alpha.example/${n}.jpg`)
    await world.assessed('http://beta.example/1.jpg')
    expect(await world.run()).toMatchObject({ mailsSent: 3 })
    expect(await world.run()).toMatchObject({ mailsSent: 0 })
    world.pass(16)
    expect(await world.run()).toMatchObject({ mailsSent: 1, problems: [] })
    expect(mailsTo().filter((to) => to === 'abuse@alpha.example')).toHaveLength(3)
  })
})

describe('the emergency stop at run time', () => {
  it('holds for everybody from the next mail on, across a restart, until it is lifted', async () => {
    await world.assessed('http://alpha.example/1.jpg')
    await expect(world.takedown.stop('otto', ' ')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    const stop = await world.takedown.stop('otto', 'a wrong list')
    expect(stop).toEqual({ by: 'otto', at: world.now(), reason: 'a wrong list' })
    world.pass(1)
    expect(await world.takedown.stop('eva', 'again')).toEqual(stop)
    const { mailsSent, problems } = await world.run()
    expect([mailsSent, problems.length]).toEqual([0, 1])
    const restarted = world.restart()
    expect(await restarted.stopped()).toEqual(stop)
    expect(await restarted.dispatch('hindra')).toMatchObject({ mailsSent: 0 })
    expect(await restarted.resume('otto')).toBe(true)
    expect(await restarted.resume('otto')).toBe(false)
    expect(await world.run()).toMatchObject({ mailsSent: 1, problems: [] })
  })

  it('holds in the midst of a run', async () => {
    await world.assessed('http://alpha.example/1.jpg')
    await world.assessed('http://beta.example/1.jpg')
    await world.takedown.queueDue('hindra')
    const stopping = world.restart({
      transport: {
        async send() {
          await world.takedown.stop('otto', 'as tested')
          return { response: '250 ok' }
        },
        verify: () => Promise.resolve(),
        close: () => undefined,
      },
    })
    expect(await stopping.dispatch('hindra')).toMatchObject({ mailsSent: 1 })
    expect((await states()).sort()).toEqual(['host queued', 'host sent'])
  })
})

describe('the last look before sending', () => {
  it('keeps a notice back where it is gone, until it is seen again or removed', async () => {
    const looks: string[] = []
    let outcome: 'gone' | 'present' | 'unverifiable' = 'gone'
    const takedown = world.restart({
      lookFirst: async (_by, caseId) => {
        looks.push(caseId)
        await world.look(caseId, outcome)
        return outcome
      },
    })
    const id = await world.assessed('http://alpha.example/1.jpg')
    await takedown.queueDue('hindra')
    world.pass(2)
    expect(await takedown.dispatch('hindra')).toMatchObject({ mailsSent: 0, problems: [] })
    expect(looks).toEqual([id])
    expect((await takedown.list())[0]).toMatchObject({ state: 'queued', attempts: 0 })
    expect(await takedown.dispatch('hindra')).toMatchObject({ mailsSent: 0 })
    expect(looks).toHaveLength(1)
    world.pass(1)
    outcome = 'present'
    expect(await takedown.dispatch('hindra')).toMatchObject({ mailsSent: 1 })
    expect(looks).toHaveLength(2)
  })

  /** So many cases at one host, from the first on; a letter for each, which `sent` is told of. */
  async function due(count: number, lookFirst: LookFirst, sent: (name: string) => void) {
    const takedown = world.restart({
      settings: { urlsPerMailMax: 1 },
      lookFirst,
      transport: {
        async send({ raw }) {
          const { text = '' } = await simpleParser(Buffer.from(raw))
          sent(/alpha\.example\/\d+/.exec(text.replaceAll('[.]', '.'))?.[0] ?? '')
          return { response: '250 ok' }
        },
        verify: () => Promise.resolve(),
        close: () => undefined,
      },
    })
    const names = Array.from({ length: count }, (_, number) => `alpha.example/${number}`)
    for (const name of names) await world.assessed(`http://${name}.jpg`)
    await takedown.queueDue('hindra')
    world.pass(2)
    return { takedown, names }
  }

  it('looks at four at once, and each letter leaves in its turn, without a wait for the looks behind it', async () => {
    const sent: string[] = []
    const looking = { now: 0, most: 0 }
    const { takedown, names } = await due(
      9,
      async () => {
        looking.now += 1
        looking.most = Math.max(looking.most, looking.now)
        const looks = (looked += 1)
        // The fifth waits for a letter: were that to wait for all looks, neither would come.
        await expect.poll(() => looks < 5 || sent.length > 0).toBe(true)
        if (looks < 5) await expect.poll(() => looked).toBe(4)
        looking.now -= 1
        return 'present'
      },
      (name) => sent.push(name),
    )
    let looked = 0
    expect(await takedown.dispatch('hindra')).toMatchObject({ mailsSent: 9 })
    expect(sent).toEqual(names)
    expect(looking.most).toBe(4)
  })

  it('ends with the letter that is under way, and the next process sends the others, once each', async () => {
    const sent: string[] = []
    const { takedown, names } = await due(
      9,
      () => Promise.resolve('present'),
      (name) => {
        sent.push(name)
        if (sent.length === 2) takedown.close()
      },
    )
    expect(await takedown.dispatch('hindra')).toMatchObject({ mailsSent: 2, problems: [] })
    expect(await world.restart().dispatch('hindra')).toMatchObject({ noticesSent: 7 })
    expect(sent).toEqual(names.slice(0, 2))
    const mails = world.server.received.map(({ parsed }) => parsed.text ?? '').join()
    expect(names.map((name) => mails.split(`${name}.jpg`).length > 1)).toEqual(
      names.map((_, number) => number >= 2),
    )
  })

  it('does not look at what was seen a moment ago, and sends what cannot be verified', async () => {
    let looks = 0
    const takedown = world.restart({
      lookFirst: () => {
        looks += 1
        return Promise.resolve('unverifiable')
      },
    })
    await world.assessed('http://alpha.example/1.jpg')
    await takedown.queueDue('hindra')
    expect(await takedown.dispatch('hindra')).toMatchObject({ mailsSent: 1 })
    expect(looks).toBe(0)
    await world.assessed('http://beta.example/1.jpg')
    await takedown.queueDue('hindra')
    world.pass(1)
    expect(await takedown.dispatch('hindra')).toMatchObject({ mailsSent: 1 })
    expect(looks).toBe(1)
  })
})
