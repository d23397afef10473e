import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HindraError } from '../../src/errors.ts'
import { createRounds, type LookFirst } from '../../src/takedown/index.ts'
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

describe('a long queue', () => {
  it('is not gone through again each round: who is told of a case is asked anew after ten minutes', async () => {
    let asked = 0
    const router: TakedownWorld['router'] = {
      ...world.router,
      decide: (...given) => {
        asked += 1
        return world.router.decide(...given)
      },
    }
    const takedown = world.restart({ router })
    for (let n = 0; n < 5; n += 1) await world.assessed(`http://alpha.example/${n}.jpg`)
    expect(await takedown.queueDue('hindra')).toMatchObject({ queued: 5 })
    const first = asked
    expect(first).toBeGreaterThanOrEqual(5)
    await world.assessed('http://alpha.example/new.jpg')
    expect(await takedown.queueDue('hindra')).toMatchObject({ queued: 1 })
    expect(asked - first).toBe(first / 5)
    expect(await takedown.queueDue('hindra')).toMatchObject({ queued: 0 })
    expect(asked - first).toBe(first / 5)
    world.pass(0.2)
    await takedown.queueDue('hindra')
    expect(asked).toBeGreaterThanOrEqual(2 * first)
    // What waits has been asked by the process before this one.
    asked = 0
    const next = world.restart({ router })
    await next.queueDue('hindra')
    expect(asked).toBe(0)
    world.pass(0.2)
    await next.queueDue('hindra')
    expect(asked).toBeGreaterThanOrEqual(6)
  })

  it('is gone through twice at most for whoever asks again and again, and then all is sent', async () => {
    const seen = { rounds: 0 }
    const rounds = createRounds(
      {
        ...world.takedown,
        collect: (by) => {
          seen.rounds += 1
          return world.takedown.collect(by)
        },
      },
      () => Promise.resolve(),
    )
    for (let n = 0; n < 5; n += 1) await world.assessed(`http://alpha.example/${n}.jpg`)
    const reports = await Promise.all(Array.from({ length: 20 }, () => rounds.all('olle')))
    expect(seen.rounds).toBe(2)
    expect(reports[0]).toMatchObject({ queued: 5, noticesSent: 5 })
    expect(reports[19]).toMatchObject({ queued: 0, noticesSent: 0 })
  })

  it('leaves bit by bit where every round breaks off in the middle', async () => {
    let left = 0
    const router: TakedownWorld['router'] = {
      ...world.router,
      decide: (...given) => {
        left -= 1
        // Half a second.
        world.pass(1 / 7_200)
        const away = new HindraError('STORE_UNAVAILABLE', 'away')
        return left < 0 ? Promise.reject(away) : world.router.decide(...given)
      },
    }
    const settings = { urlsPerMailMax: 1, mailsPerRecipientDay: 1_000 }
    const rounds = createRounds(world.restart({ router, settings }), () => Promise.resolve())
    for (let n = 0; n < 210; n += 1) await world.assessed(`http://alpha.example/${n}.jpg`)
    for (let round = 0; round < 2; round += 1) {
      left = 40
      await expect(rounds.round('hindra')).rejects.toThrow('away')
    }
    expect(world.server.received.length).toBeGreaterThan(20)
  })

  it.each(['who is told of it', 'the look before it leaves'])(
    'leaves but for one letter over which the code breaks (%s), and that is said each time',
    async (where) => {
      const broken = await world.assessed('http://alpha.example/broken.jpg')
      for (let n = 0; n < 3; n += 1) await world.assessed(`http://alpha.example/${n}.jpg`)
      const fault = () => Promise.reject(new TypeError('as tested'))
      const router: TakedownWorld['router'] = {
        ...world.router,
        decide: (...given) => {
          const [, , entry] = given
          const isIt = 'id' in entry && entry.id === broken
          return where === 'who is told of it' && isIt ? fault() : world.router.decide(...given)
        },
      }
      const lookFirst: LookFirst = (_by, id) =>
        where === 'who is told of it' || id !== broken ? Promise.resolve('present') : fault()
      const settings = { urlsPerMailMax: 1 }
      const takedown = world.restart({ router, lookFirst, settings })
      const rounds = createRounds(takedown, () => Promise.resolve())
      world.pass(2)
      await expect(rounds.round('hindra')).rejects.toThrow('as tested')
      expect(mailsTo()).toHaveLength(3)
      await expect(rounds.round('hindra')).rejects.toThrow('as tested')
      expect(mailsTo()).toHaveLength(3)
    },
  )

  it('comes to the newest cases though no process lives for more than a round', async () => {
    // Nobody takes letters, so that all that was queued waits.
    world.server.behave('drop-before-message')
    const router: TakedownWorld['router'] = {
      ...world.router,
      decide: (...given) => {
        world.pass(1 / 7_200)
        return world.router.decide(...given)
      },
    }
    for (let n = 0; n < 60; n += 1) await world.assessed(`http://alpha.example/${n}.jpg`)
    const queued: number[] = []
    for (let process = 0; process < 3; process += 1) {
      queued.push((await world.restart({ router }).queueDue('hindra')).queued)
    }
    // As many as it takes half a second to decide about in 12 seconds.
    expect(queued).toEqual([24, 24, 12])
  })

  it('is passed by what is urgent: a child asks for itself or is in danger', async () => {
    world.server.behave('drop-before-message')
    const decided: string[] = []
    const router: TakedownWorld['router'] = {
      ...world.router,
      decide: (...given) => {
        world.pass(1 / 7_200)
        const [, , entry] = given
        if ('id' in entry) decided.push(String(entry.id))
        return world.router.decide(...given)
      },
    }
    const ids: string[] = []
    for (let n = 0; n < 60; n += 1) {
      ids.push(await world.assessed(`http://alpha.example/${n}.jpg`))
    }
    // Somebody has said of one in the middle, and of the last one, what makes them urgent.
    const urgent = [ids[30] ?? '', ids[59] ?? '']
    for (const [id, change] of [
      [urgent[0] ?? '', { ownRequest: true }],
      [urgent[1] ?? '', { inDangerNow: true }],
    ] as const) {
      await world.transact((tx) =>
        world.cases.setCircumstances(tx, 'anna', id, change, 'as tested'),
      )
    }
    const takedown = world.restart({ router })
    expect(await takedown.queueDue('hindra')).toMatchObject({ queued: 26, isMore: true })
    expect(decided).toEqual([...urgent, ...ids.slice(0, 24)])
    // They wait now, and are not asked about again; nor does the rest lose its turn.
    decided.length = 0
    expect(await takedown.queueDue('hindra')).toMatchObject({ queued: 24, isMore: true })
    expect(decided).toEqual(ids.slice(24, 49).filter((id) => !urgent.includes(id)))
  })

  it('lets what is more urgent and comes in while it is sent go ahead', async () => {
    const rules = [
      { rule: 'near', why: 'as tested', when: { country: 'NL' }, tell: ['host'], priority: 1 },
      { rule: 'others', why: 'as tested', tell: ['host'] },
    ]
    await reopen({ urlsPerMailMax: 1, mailsPerRecipientDay: 1_000 }, { rules })
    const rounds = createRounds(world.takedown, () => Promise.resolve())
    for (let n = 0; n < 210; n += 1) await world.assessed(`http://alpha.example/${n}.jpg`)
    const all = rounds.all('hindra')
    await expect.poll(() => world.server.received.length).toBeGreaterThan(2)
    await world.assessed('http://beta.example/urgent.jpg')
    expect(await all).toMatchObject({ noticesSent: 211, queued: 211, isMore: false, problems: [] })
    // The first of the next round, of which the one before had left ten.
    expect(mailsTo().indexOf('abuse@beta.example')).toBe(200)
  })
})
