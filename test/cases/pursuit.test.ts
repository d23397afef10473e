import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HOUR_MS, isoTime } from '../../src/core/index.ts'
import { lookOf, HOST, openWorld, type World } from './world.ts'

const URL_A = 'https://one.example/a.jpg'

let world: World
/** A case that was traced and noticed at once; the clock stands at its opening. */
let id: string
beforeEach(async () => {
  // Looks every 4 hours; 3 misses at least 2 hours apart; watched for 10 days, daily.
  world = await openWorld({ watchDays: 10 })
  id = (await world.seen(URL_A, 'item')).id
})
afterEach(() => world.context.dispose())

const inHours = (hours: number) => isoTime(world.context.clock.now() + hours * HOUR_MS)
const due = async (what: 'dueForTrace' | 'dueForRecheck') =>
  (await world.cases[what](world.context.clock.now())).map((entry) => entry.id)

describe('the host', () => {
  it('is asked for at once, and once found a notice is due', async () => {
    expect(await due('dueForTrace')).toEqual([id])
    expect(await world.cases.dueForNotice()).toEqual([])
    const hosted = await world.host(id)
    expect(hosted).toMatchObject({ hostName: HOST.name, country: 'NL', status: 'open' })
    expect(await world.transact((tx) => world.cases.hostOf(tx, id))).toMatchObject(HOST)
    expect(await due('dueForTrace')).toEqual([])
    expect(await world.cases.dueForNotice()).toMatchObject([{ id }])
  })

  it('is asked for again an hour after nobody was found, and the history says so once', async () => {
    const fail = () =>
      world.transact((tx) => world.cases.traceFailed(tx, 'hindra', id, 'in no known network'))
    await fail()
    expect(await due('dueForTrace')).toEqual([])
    world.pass(1)
    expect(await due('dueForTrace')).toEqual([id])
    expect((await fail()).history).toHaveLength(2)
  })

  it('is not asked for where a person must decide first', async () => {
    await world.seen('https://two.example/b.jpg', 'item', 'review')
    expect(await due('dueForTrace')).toEqual([id])
  })
})

describe('a notice', () => {
  it('takes the case into progress, once', async () => {
    await world.host(id)
    world.pass(1)
    const told = await world.notify(id)
    expect(told).toMatchObject({ status: 'in-progress', firstNoticeAt: world.now() })
    expect(await world.cases.dueForNotice()).toEqual([])
    world.pass(1)
    expect(await world.notify(id)).toEqual(told)
  })

  it('that went out after all changes nothing of a case that is over', async () => {
    await world.transact((tx) => world.cases.close(tx, 'anna', id, 'done'))
    expect(await world.notify(id)).toMatchObject({ status: 'closed', firstNoticeAt: null })
  })
})

describe('looks', () => {
  it('are due one interval after opening, in order of time', async () => {
    world.pass(1)
    const second = await world.seen('https://two.example/b.jpg', 'item')
    world.pass(3)
    expect(await due('dueForRecheck')).toEqual([id])
    world.pass(1)
    expect(await due('dueForRecheck')).toEqual([id, second.id])
  })

  it('three misses, each two hours after the last, make it removed since the first', async () => {
    world.pass(4)
    const first = world.now()
    expect(await world.look(id, 'gone')).toMatchObject({
      missesInRow: 1,
      status: 'open',
      nextRecheckAt: inHours(2),
    })
    world.pass(1)
    expect(await world.look(id, 'gone')).toMatchObject({
      missesInRow: 1,
      nextRecheckAt: inHours(1),
    })
    world.pass(1)
    expect(await world.look(id, 'gone')).toMatchObject({ missesInRow: 2, status: 'open' })
    world.pass(1.99)
    expect(await world.look(id, 'gone')).toMatchObject({ missesInRow: 2, status: 'open' })
    world.pass(0.01)
    expect(await world.look(id, 'gone')).toMatchObject({
      status: 'removed',
      removedAt: first,
      nextRecheckAt: inHours(24),
    })
    expect(await world.alertKinds()).toEqual(['opened', 'removed'])
  })

  it('that see it start the count anew', async () => {
    await world.look(id, 'gone')
    world.pass(2)
    await world.look(id, 'gone')
    world.pass(2)
    expect(await world.look(id, 'present')).toMatchObject({
      missesInRow: 0,
      lastSeenAt: world.now(),
      nextRecheckAt: inHours(4),
    })
    for (const miss of [1, 2]) {
      world.pass(2)
      expect(await world.look(id, 'gone')).toMatchObject({ missesInRow: miss, status: 'open' })
    }
  })

  it('that cannot tell change nothing but the next time', async () => {
    await world.look(id, 'gone')
    const before = await world.cases.get(id)
    world.pass(3)
    const after = await world.look(id, 'unverifiable')
    expect(after).toEqual({
      ...before,
      lastLook: lookOf('unverifiable', world.now()),
      nextRecheckAt: inHours(4),
      nextRecheckWhy: 'every 4 h until it is gone, ever more rarely',
      unverified: {
        since: world.now(),
        looks: 1,
        cause: 'captcha',
        alerts: 0,
        until: null,
        alertAt: inHours(12),
      },
    })
  })

  it('that began before somebody saw it do not count', async () => {
    const at = world.now()
    world.pass(1)
    await world.seen(URL_A, 'item')
    const look = lookOf('gone', at)
    const after = await world.transact((tx) => world.cases.recordRecheck(tx, 'hindra', id, look))
    expect(after.missesInRow).toBe(0)
  })

  it('find it moved, without calling it removed', async () => {
    expect(await world.look(id, 'moved')).toMatchObject({
      status: 'moved',
      removedAt: null,
      nextRecheckAt: inHours(24),
    })
  })
})

describe('after removal', () => {
  it('it is watched every day for ten days, then no more', async () => {
    await world.remove(id)
    let looks = 0
    for (let hour = 0; hour < 24 * 30; hour += 1) {
      world.pass(1)
      for (const dueId of await due('dueForRecheck')) {
        await world.look(dueId, looks % 2 === 0 ? 'gone' : 'unverifiable')
        looks += 1
      }
    }
    expect(looks).toBe(9)
    expect(await world.cases.get(id)).toMatchObject({ status: 'removed', nextRecheckAt: null })
  })

  it('it re-opens when a look sees it again', async () => {
    await world.host(id)
    await world.notify(id)
    await world.remove(id)
    world.pass(24)
    expect(await due('dueForRecheck')).toEqual([id])
    const back = await world.look(id, 'present')
    expect(back).toMatchObject({
      status: 'open',
      reopened: 1,
      removedAt: null,
      firstNoticeAt: null,
      lastSeenAt: world.now(),
      nextRecheckAt: inHours(4),
    })
    expect(back.history.at(-1)).toMatchObject({ to: 'open', reason: 'reappeared: looked' })
    expect((await world.alertKinds()).at(-1)).toBe('reopened')
    expect(await due('dueForTrace')).toEqual([id])
  })
})
