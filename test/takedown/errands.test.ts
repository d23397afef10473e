import { afterEach, describe, expect, it } from 'vitest'
import { type ErrandDesk, openErrandDesk } from './errand-desk.ts'

let desk: ErrandDesk
afterEach(() => desk.dispose())

/** The host of the cases of a test is told by its portal alone. */
async function open(start: Parameters<ErrandDesk['restart']>[0] = {}): Promise<void> {
  desk = await openErrandDesk()
  await desk.restart(start)
}

describe('300 notices by hand at once', () => {
  it('are 300 alerts, one mail that names each and no URL, and a true count', async () => {
    await open()
    const since = desk.world.now()
    const ids = await desk.byHand(300)
    expect(ids).toHaveLength(300)
    expect(await desk.alerts('by-hand')).toHaveLength(300)
    expect(await desk.counts()).toEqual({ count: 300, oldestSince: since })
    await desk.duty().run()
    expect(desk.mails()).toEqual([])
    desk.minutes(61)
    await desk.round()
    await desk.duty().run()
    await desk.duty().run()
    expect(desk.mails()).toHaveLength(1)
    expect(desk.mails()[0]?.parsed.subject).toBe('Väntar på en person (300), Hotline Testland')
    for (const id of ids) expect(desk.textOf(0)).toContain(id)
    expect(desk.mails()[0]?.raw.toString()).not.toMatch(/alpha\.example|https?:|hxxp|sha|pdq/i)
    desk.minutes(61)
    await desk.round()
    await desk.duty().run()
    expect(desk.mails()).toHaveLength(1)
    expect(await desk.alerts('by-hand')).toHaveLength(300)
  })

  it('are told in the language of the house', async () => {
    await open({ language: 'en' })
    await desk.byHand(2)
    desk.minutes(61)
    await desk.duty().run()
    expect(desk.mails()[0]?.parsed.subject).toBe('Waits for a person (2), Hotline Testland')
    expect(desk.textOf(0)).toMatch(/Notices that a person must deliver[^]*hindra waiting/)
  })
})

describe('what waits', () => {
  it('is told at once where the policy says that it is urgent', async () => {
    const rules = [{ rule: 'all', why: 'as tested', tell: ['host'], priority: 1 }]
    desk = await openErrandDesk({}, { rules })
    const [id = ''] = await desk.byHand(1)
    await desk.duty().run()
    expect(desk.mails()).toHaveLength(1)
    expect(desk.textOf(0)).toContain(id)
    expect(desk.mails()[0]?.raw.toString()).toMatch(/^X-Priority: 1\r$/m)
  })

  it('is said once, also where the process ends between alert and mail', async () => {
    await open()
    const [id = ''] = await desk.byHand(1)
    await desk.restart()
    desk.minutes(61)
    await desk.round()
    await desk.duty().run()
    await desk.restart()
    desk.minutes(61)
    await desk.round()
    await desk.duty().run()
    expect(await desk.alerts('by-hand')).toMatchObject([
      { notice: { id, step: 'notice', times: 1 }, errand: `notice-${id}` },
    ])
    expect(desk.mails()).toHaveLength(1)
  })

  it('is mailed once after a relay that was away for an hour', async () => {
    await open()
    await desk.restart({ port: 1 })
    await desk.byHand(3)
    desk.minutes(61)
    for (let tries = 0; tries < 30; tries += 1) {
      const { mails: sent, problems } = await desk.duty().run()
      expect([sent, problems.length]).toEqual([0, 1])
      desk.minutes(3)
    }
    await desk.restart()
    await desk.round()
    await desk.duty().run()
    await desk.duty().run()
    expect(desk.mails().map(({ parsed }) => parsed.subject)).toEqual([
      'Väntar på en person (3), Hotline Testland',
    ])
  })

  it('is not mailed once it is settled, also out of a mail that no relay took', async () => {
    await open()
    await desk.restart({ port: 1 })
    const [early = '', late = '', stays = ''] = await desk.byHand(3)
    await desk.world.transact((tx) => desk.takedown().markTold(tx, 'ola', early))
    desk.minutes(61)
    expect((await desk.duty().run()).problems).toHaveLength(1)
    await desk.world.transact((tx) => desk.takedown().markTold(tx, 'ola', late))
    await desk.restart()
    desk.minutes(3)
    await desk.duty().run()
    expect(desk.mails()).toHaveLength(1)
    expect(desk.textOf(0)).toContain(stays)
    expect(desk.textOf(0)).not.toContain(early)
    expect(desk.textOf(0)).not.toContain(late)
    expect(await desk.counts()).toMatchObject({ count: 1 })
  })

  it('is no mail where all of it is settled', async () => {
    await open()
    const [id = ''] = await desk.byHand(1)
    await desk.world.transact((tx) => desk.takedown().markTold(tx, 'ola', id))
    desk.minutes(61)
    await desk.duty().run()
    expect(desk.mails()).toEqual([])
    expect(await desk.counts()).toEqual({ count: 0, oldestSince: null })
  })

  it('is delayed by no clock that was set back', async () => {
    await open()
    await desk.byHand(1)
    desk.minutes(-24 * 60)
    await desk.duty().run()
    expect(desk.mails()).toHaveLength(1)
    await desk.round()
    await desk.duty().run()
    expect(desk.mails()).toHaveLength(1)
    expect(await desk.alerts('by-hand')).toHaveLength(1)
  })

  it('is alerted where no duty address is set, and mailed once there is one', async () => {
    await open({ address: null })
    await desk.byHand(2)
    desk.minutes(61)
    expect(await desk.duty().run()).toEqual({ mails: 0, calls: 0, problems: [] })
    expect(await desk.alerts('by-hand')).toHaveLength(2)
    expect(await desk.world.transact((tx) => desk.duty().count(tx))).toBe(0)
    await desk.restart()
    await desk.duty().run()
    expect(desk.mails()).toHaveLength(1)
    expect(desk.textOf(0).match(/- anmälan /g)).toHaveLength(2)
  })

  it('never delays a call about a child in danger', async () => {
    await open()
    await desk.byHand(1)
    desk.minutes(61)
    await desk.duty().run()
    await desk.world.transact((tx) => {
      desk.duty().call(tx, 'anna', 'in-danger', { kind: 'tip', id: desk.world.context.newId() })
      return Promise.resolve()
    })
    await desk.duty().run()
    expect(desk.mails().map(({ parsed }) => parsed.subject?.split(',')[0])).toEqual([
      'Väntar på en person (1)',
      'LARM: barn kan vara i fara just nu (1)',
    ])
  })

  it('is not announced while all is stopped', async () => {
    await open()
    await desk.takedown().stop('ola', 'as tested')
    await desk.byHand(1)
    expect(await desk.counts()).toMatchObject({ count: 0 })
    await desk.takedown().resume('ola')
    await desk.round()
    expect(await desk.counts()).toMatchObject({ count: 1 })
  })
})

describe('what another act ends', () => {
  it('is not ended by saying that it is done, and the refusal says what ends it', async () => {
    await open()
    const [id = ''] = await desk.byHand(1)
    await expect(desk.takedown().errands.done('ola', `notice-${id}`)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('hindra notices told') as string,
    })
    await expect(desk.takedown().errands.done('ola', 'notice-none')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await desk.counts()).toMatchObject({ count: 1 })
  })
})
