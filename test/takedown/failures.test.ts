import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type MailTransport, DeliveryError } from '../../src/takedown/index.ts'
import { openTakedownWorld, partOf, type TakedownWorld } from './world.ts'

let world: TakedownWorld
beforeEach(async () => {
  world = await openTakedownWorld({ retryMinutes: 10, attemptsMax: 3 })
})
afterEach(() => world.dispose())

const MINUTES = 1 / 60
const SECONDS = MINUTES / 60
const notice = async () => (await world.takedown.list())[0]
const messageIds = () => world.server.received.map(({ parsed }) => parsed.messageId)

describe('a relay that asks to try again later', () => {
  it('is asked again after a wait that doubles, and gets a mail of its own each time', async () => {
    await world.assessed('http://alpha.example/1.jpg')
    world.server.behave('defer-recipient')
    const { problems } = await world.run()
    expect(problems[0]).toMatch(/^mail .*: MAIL_FAILED/)
    expect(problems[0]).not.toContain('alpha')
    expect(await notice()).toMatchObject({ state: 'queued', attempts: 1, envelopeId: null })
    expect((await notice())?.lastError).toContain('greylisted')

    world.pass(9 * MINUTES)
    expect(await world.run()).toMatchObject({ problems: [] })
    world.pass(1 * MINUTES)
    expect((await world.run()).problems).toHaveLength(1)
    expect(await notice()).toMatchObject({ state: 'queued', attempts: 2 })

    world.server.behave('accept')
    world.pass(19 * MINUTES)
    expect(await world.run()).toMatchObject({ mailsSent: 0 })
    world.pass(1 * MINUTES)
    expect(await world.run()).toMatchObject({ mailsSent: 1, noticesSent: 1 })
    expect(await notice()).toMatchObject({ state: 'sent', attempts: 3, possiblyDoubled: false })
    expect(await notice()).toMatchObject({ lastError: null })
  })

  it('is asked when the clock that put it off has been set back, and not days later', async () => {
    const DAYS_AHEAD = 2 * 24
    world.pass(DAYS_AHEAD)
    await world.assessed('http://alpha.example/1.jpg')
    world.server.behave('defer-recipient')
    await world.run()
    world.server.behave('accept')
    world.pass(-DAYS_AHEAD)
    expect(await world.run()).toMatchObject({ mailsSent: 1, noticesSent: 1 })
  })

  it('is asked no sooner by a server whose clock is a little behind', async () => {
    await world.assessed('http://alpha.example/1.jpg')
    world.server.behave('defer-recipient')
    await world.run()
    world.server.behave('accept')
    world.pass(-20 * SECONDS)
    expect(await world.run()).toMatchObject({ mailsSent: 0, problems: [] })
  })

  it('fails the notice after attemptsMax; a person can put it back', async () => {
    await world.assessed('http://alpha.example/1.jpg')
    world.server.behave('defer-message')
    for (let attempt = 0; attempt < 4; attempt += 1) {
      await world.run()
      world.pass(2)
    }
    expect(await notice()).toMatchObject({ state: 'failed', attempts: 3 })
    expect(await world.takedown.preview((await notice())?.id ?? '')).toContain('hxxp://')
    world.server.behave('accept')
    expect(await world.run()).toMatchObject({ mailsSent: 0 })
    expect(await world.takedown.retryFailed('anna')).toBe(1)
    expect(await world.run()).toMatchObject({ mailsSent: 1 })
    expect(await notice()).toMatchObject({ state: 'sent', attempts: 1 })
  })
})

describe('a relay that refuses', () => {
  it('fails the notices of that mail and no others', async () => {
    await world.assessed('http://alpha.example/1.jpg')
    world.server.behave('refuse-recipient')
    await world.run()
    expect(await notice()).toMatchObject({ state: 'failed', attempts: 1 })
    expect((await notice())?.lastError).toContain('550')
    world.server.behave('accept')
    await world.assessed('http://beta.example/2.jpg')
    expect(await world.run()).toMatchObject({ mailsSent: 1, noticesSent: 1 })
    expect(world.server.received[0]?.to).toEqual(['abuse@beta.example'])
  })
})

describe('a relay that is away', () => {
  it('costs no attempt, is asked once a run, and gets everything when it is back', async () => {
    await world.assessed('http://alpha.example/1.jpg')
    await world.assessed('http://beta.example/2.jpg')
    world.server.behave('drop-before-message')
    for (let run = 0; run < 5; run += 1) {
      expect((await world.run()).problems).toHaveLength(1)
      world.pass(1)
    }
    for (const { state, attempts } of await world.takedown.list()) {
      expect([state, attempts]).toEqual(['queued', 0])
    }
    world.server.behave('accept')
    expect(await world.run()).toMatchObject({ mailsSent: 2, noticesSent: 2, problems: [] })
    expect((await world.takedown.list()).map(({ possiblyDoubled }) => possiblyDoubled)).toEqual([
      false,
      false,
    ])
  })
})

describe('a relay that takes the mail and does not say so', () => {
  beforeEach(async () => {
    await world.assessed('http://alpha.example/1.jpg')
    world.server.behave('take-and-drop')
    await world.run()
  })

  it('gets the same bytes also where the clock has been set back by a day since', async () => {
    world.pass(-24)
    world.server.behave('accept')
    expect(await world.run()).toMatchObject({ mailsSent: 1, noticesSent: 1 })
    expect(new Set(messageIds()).size).toBe(1)
  })

  it('gets the same bytes again, and the notice is marked', async () => {
    expect(await notice()).toMatchObject({ state: 'sending', attempts: 1, possiblyDoubled: true })
    world.server.behave('accept')
    expect(await world.run()).toMatchObject({ mailsSent: 0, problems: [] })
    world.pass(10 * MINUTES)
    expect(await world.run()).toMatchObject({ mailsSent: 1, noticesSent: 1 })
    const [first, second] = world.server.received
    expect(second?.raw.equals(first?.raw ?? Buffer.alloc(0))).toBe(true)
    expect(await notice()).toMatchObject({ state: 'sent', attempts: 2, possiblyDoubled: true })
  })

  it('gets the same bytes also where it was away or asked to wait in between', async () => {
    for (const behaviour of ['drop-before-message', 'defer-message'] as const) {
      world.pass(1)
      world.server.behave(behaviour)
      await world.run()
      expect(await notice()).toMatchObject({ state: 'sending', possiblyDoubled: true })
    }
    world.server.behave('accept')
    world.pass(1)
    await world.run()
    expect(new Set(messageIds()).size).toBe(1)
    expect(messageIds()).toHaveLength(2)
  })

  it('does not get it again when the case was closed meanwhile', async () => {
    const closed = (await notice())?.caseId ?? ''
    await world.transact((tx) => world.cases.close(tx, 'anna', closed, 'mistake'))
    world.server.behave('accept')
    world.pass(1)
    expect(await world.run()).toMatchObject({ mailsSent: 0 })
    expect(world.server.received).toHaveLength(1)
    expect(await notice()).toMatchObject({ state: 'withdrawn', possiblyDoubled: true })
  })

  it('fails after attemptsMax, still marked', async () => {
    for (let run = 0; run < 4; run += 1) {
      world.pass(2)
      await world.run()
    }
    expect(await notice()).toMatchObject({ state: 'failed', attempts: 3, possiblyDoubled: true })
    expect(messageIds()).toHaveLength(3)
    expect(new Set(messageIds()).size).toBe(1)
  })
})

describe('a mail whose fate is unknown, with a notice that must not go again', () => {
  it('is taken apart: that one is withdrawn, the others go in another mail, marked', async () => {
    const bad = await world.assessed('http://alpha.example/1.jpg')
    const good = await world.assessed('http://alpha.example/2.jpg')
    world.server.behave('take-and-drop')
    await world.run()
    await world.transact((tx) => world.cases.close(tx, 'anna', bad, 'mistake'))
    world.server.behave('accept')
    world.pass(1)
    expect(await world.run()).toMatchObject({ mailsSent: 1, noticesSent: 1 })
    const last = partOf(world.server.received.at(-1))
    expect(last.notices.map(({ caseId }) => caseId)).toEqual([good])
    expect(new Set(messageIds()).size).toBe(2)
    const states = (await world.takedown.list()).map(({ state, possiblyDoubled }) => [
      state,
      possiblyDoubled,
    ])
    expect(states).toEqual([
      ['withdrawn', true],
      ['sent', true],
    ])
  })
})

describe('the emergency stop', () => {
  it('lets nothing out, neither new nor of unknown fate, and loses nothing', async () => {
    await world.assessed('http://alpha.example/1.jpg')
    world.server.behave('take-and-drop')
    await world.run()
    world.server.behave('accept')
    await world.assessed('http://beta.example/2.jpg')
    world.pass(1)
    const stopped = world.restart({ settings: { stop: true } })
    expect(await stopped.queueDue('hindra')).toMatchObject({ queued: 1 })
    const report = await stopped.dispatch('hindra')
    expect(report).toMatchObject({ mailsSent: 0, noticesSent: 0 })
    expect(report.problems).toHaveLength(1)
    expect(world.server.received).toHaveLength(1)
    expect(await world.takedown.dispatch('hindra')).toMatchObject({ mailsSent: 2 })
  })
})

describe('a transport that breaks in a way of its own', () => {
  it('is taken for one that may have sent the mail', async () => {
    const broken: MailTransport = {
      send: () => Promise.reject(new TypeError('no such thing')),
      verify: () => Promise.resolve(),
      close: () => undefined,
    }
    await world.assessed('http://alpha.example/1.jpg')
    await world.takedown.queueDue('hindra')
    const { problems } = await world.restart({ transport: broken }).dispatch('hindra')
    expect(problems[0]).toContain('MAIL_FAILED')
    expect(await notice()).toMatchObject({ state: 'sending', possiblyDoubled: true })
  })
})

describe('DeliveryError', () => {
  it('keeps no link of what the relay said', () => {
    const response = '550 see HTTPS://help.example/why?id=1 and call'
    expect(new DeliveryError('refused', 'no', { response }).response).toBe(
      '550 see [link] and call',
    )
  })
})
