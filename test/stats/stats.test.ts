import { behindRobots } from '../access/robots.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Case } from '../../src/cases/index.ts'
import { configWith } from '../../src/config.ts'
import { dayBegins, isoTime } from '../../src/core/index.ts'
import { tableResolver } from '../intake/table-resolver.ts'
import { type CounterName, createStats, type Stats } from '../../src/stats/index.ts'
import { parsePeriod, periodsBeside } from '../../src/stats/period.ts'
import { createTakedown, type Takedown } from '../../src/takedown/index.ts'
import { createTrace } from '../../src/trace/index.ts'
import { OBJECTION_POLICY, openRouter } from '../takedown/policy.ts'
import { HOST, openWorld, type World } from '../cases/world.ts'
import { INLINE_READERS } from '../inline-readers.ts'

const PROVIDER = { name: 'Provider One', country: 'NL', domains: ['one.example'], networks: [] }

const CAUTIONS = { onePersonLists: ['two-desks'], quarantined: 3 }

/** The notices before anybody was told. */
const NOTHING = {
  // There are no notices, and no objections.
  facts: () => Promise.resolve(),
}
const NOBODY_TOLD: Pick<Takedown, 'facts'> = NOTHING

let world: World
let notices: Pick<Takedown, 'facts'>
let stats: Stats
/** The clock stands at 2026-11-02T08:00:00Z: the fourth quarter. */
beforeEach(async () => {
  world = await openWorld()
  notices = NOBODY_TOLD
  stats = statsIn('UTC')
})
afterEach(() => world.context.dispose())

const statsIn = (timeZone: string): Stats =>
  createStats(
    world.context,
    {
      tips: NOTHING,
      cases: world.cases,
      notices: {
        facts: (tx, tell) => notices.facts(tx, tell),
        objections: NOTHING,
        errands: { counts: () => Promise.resolve({ count: 0, oldestSince: null }) },
      },
      cautions: () => Promise.resolve(CAUTIONS),
    },
    { timeZone },
  )

const count = (name: CounterName, delta = 1) =>
  world.transact((tx) => {
    stats.count(tx, name, delta)
    return Promise.resolve()
  })

async function noticed(url: string, item: string): Promise<Case> {
  const { id } = await world.seen(url, item)
  await world.host(id)
  return world.notify(id)
}

describe('counters', () => {
  it('add up over the days of a quarter, and of no other', async () => {
    await count('sighting', 3)
    await count('source.north-3', 2)
    await count('image', 2)
    await count('film')
    await count('verdict.none', 2)
    await count('verdict.exact')
    await count('failed')
    await count('tip.public')
    world.pass(24 * 59)
    expect(world.now()).toBe('2026-12-31T08:00:00.000Z')
    await count('sighting')
    world.pass(24)
    await count('sighting', 10)

    expect(await stats.quarter('2026-Q4')).toMatchObject({
      quarter: '2026-Q4',
      sightings: 4,
      sightingsBySource: { 'north-3': 2 },
      pictures: 2,
      films: 1,
      failed: 1,
      verdicts: { exact: 1, confirmed: 0, review: 0, none: 2 },
      tips: { public: 1, hotline: 0, police: 0 },
      onePersonLists: ['two-desks'],
      quarantined: 3,
    })
    expect(await stats.quarter()).toMatchObject({ quarter: '2027-Q1', sightings: 10 })
    expect((await stats.quarter('2026-Q3')).sightings).toBe(0)
  })

  it('lose nothing when many count at once', async () => {
    await Promise.all(Array.from({ length: 50 }, () => count('sighting')))
    expect((await stats.quarter()).sightings).toBe(50)
  })

  it('count nothing in a transaction that fails', async () => {
    const failing = world.transact((tx) => {
      stats.count(tx, 'sighting', 1)
      return Promise.reject(new Error('as tested'))
    })
    await expect(failing).rejects.toThrow('as tested')
    expect((await stats.quarter()).sightings).toBe(0)
  })
})

describe('figures of cases', () => {
  it('are null and zero where there is nothing', async () => {
    expect(await stats.quarter()).toMatchObject({
      casesOpened: 0,
      casesByStatus: {},
      removed: 0,
      hoursToRemovalMedian: null,
      hoursToRemovalP90: null,
    })
  })

  it('tell how the cases of the quarter stand, and where', async () => {
    await noticed('https://one.example/1', 'item')
    await noticed('https://one.example/2', 'item')
    await world.seen('https://one.example/3', 'item', 'review')
    expect(await stats.quarter()).toMatchObject({
      casesOpened: 3,
      casesByStatus: { 'in-progress': 2, open: 1 },
      casesByCountry: { NL: 2, unknown: 1 },
    })
  })

  it('count removals from the first notice to the first of the misses', async () => {
    for (const hours of [3, 5, 9, 21]) {
      const { id } = await noticed(`https://one.example/${hours}`, 'item')
      world.pass(hours - 2)
      await world.remove(id)
    }
    expect(await stats.quarter()).toMatchObject({
      removed: 4,
      hoursToRemovalMedian: 7,
      hoursToRemovalP90: 17.4,
    })
  })

  it('keep the first removal of what came back, and count its return', async () => {
    const { id } = await noticed('https://one.example/1', 'item')
    await world.remove(id)
    world.pass(24 * 70)
    await world.seen('https://one.example/1', 'item')
    await world.host(id)
    await world.notify(id)
    world.pass(8)
    await world.remove(id)
    expect(await stats.quarter('2026-Q4')).toMatchObject({
      casesOpened: 1,
      removed: 1,
      reopened: 0,
      hoursToRemovalMedian: 2,
    })
    expect(await stats.quarter('2027-Q1')).toMatchObject({
      casesOpened: 0,
      removed: 1,
      reopened: 1,
      hoursToRemovalMedian: 10,
    })
  })

  it('claim no removal for what was gone before anybody was told, or was not illegal', async () => {
    const untold = await world.seen('https://one.example/1', 'item')
    await world.remove(untold.id)
    const mistaken = await noticed('https://one.example/2', 'mistake')
    await world.remove(mistaken.id)
    await world.transact((tx) => world.cases.retractItem(tx, 'bert', 'mistake'))
    expect(await stats.quarter()).toMatchObject({
      casesOpened: 2,
      casesByStatus: { removed: 1, retracted: 1 },
      removed: 1,
      hoursToRemovalMedian: null,
    })
  })
})

describe('figures of notices', () => {
  it('count what was sent, notices and reminders apart', async () => {
    const provider = { ...PROVIDER, abuseContact: 'abuse@one.example' }
    const { takedown: settings, mail, ...config } = configWith({ 'trace.providers': [provider] })
    const trace = createTrace(world.context, {
      settings: config.trace,
      resolver: tableResolver({}),
    })
    const transport = {
      send: () => Promise.resolve({ response: '250 OK' }),
      verify: () => Promise.resolve(),
      close: () => undefined,
    }
    const { context, audit, cases } = world
    const stillKnown = () => Promise.resolve(true)
    const takedown = createTakedown(context, audit, cases, trace, {
      behind: behindRobots,
      settings,
      mail: { ...mail, userAgent: 'Hindra/test' },
      mailReader: INLINE_READERS.mails,
      house: config.house,
      objections: OBJECTION_POLICY,
      transport,
      router: openRouter(context, audit),
      stillKnown,
    })
    notices = takedown
    const staying = await world.seen('https://one.example/1', 'item')
    const removed = await world.seen('https://one.example/2', 'item')
    await world.seen('https://nowhere.example/3', 'item')
    await takedown.queueDue('hindra')
    expect((await stats.quarter()).noticesSent).toBe(0)
    await takedown.dispatch('hindra')
    await world.remove(removed.id)
    world.pass(settings.reminderHours)
    await world.look(staying.id, 'present')
    await takedown.queueDue('hindra')
    await takedown.dispatch('hindra')
    expect(await stats.quarter()).toMatchObject({ noticesSent: 2, remindersSent: 1 })
  })
})

describe('the name of a quarter', () => {
  it.each(['26', '2026-Q0', '2026-Q5', '2026-4', ' 2026-Q4', '2026-Q4\n'])(
    'is not %j',
    async (quarter) => {
      await expect(stats.quarter(quarter)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        field: 'quarter',
      })
    },
  )
})

describe('by host', () => {
  it('a return counts against who had removed it, be it elsewhere now', async () => {
    const { id } = await noticed('https://one.example/a.jpg', 'a')
    await noticed('https://one.example/b.jpg', 'b')
    world.pass(4)
    await world.remove(id)
    world.pass(48)
    await world.look(id, 'present')
    await world.transact((tx) =>
      world.cases.setHost(tx, 'hindra', id, {
        ...HOST,
        name: 'Provider Two',
        tracedAt: world.now(),
      }),
    )
    await world.seen('https://untraced.example/c.jpg', 'c')
    expect(await stats.hosts('2026-Q4')).toEqual([
      {
        host: HOST.name,
        cases: 2,
        removed: 1,
        reappeared: 1,
        hoursToRemovalMedian: 6,
        hoursToRemovalP90: 6,
      },
      {
        host: 'Provider Two',
        cases: 1,
        removed: 0,
        reappeared: 0,
        hoursToRemovalMedian: null,
        hoursToRemovalP90: null,
      },
      {
        host: 'unknown',
        cases: 1,
        removed: 0,
        reappeared: 0,
        hoursToRemovalMedian: null,
        hoursToRemovalP90: null,
      },
    ])
    expect(await stats.hosts('2026-Q3')).toEqual([])
  })
})

describe('a period of the house', () => {
  it.each([
    ['2026-Q4', '2026-09-30T22:00:00.000Z', '2026-12-31T23:00:00.000Z'],
    ['2026-Q2', '2026-03-31T22:00:00.000Z', '2026-06-30T22:00:00.000Z'],
    ['2026-03', '2026-02-28T23:00:00.000Z', '2026-03-31T22:00:00.000Z'],
    ['2026-10', '2026-09-30T22:00:00.000Z', '2026-10-31T23:00:00.000Z'],
    ['2026-12', '2026-11-30T23:00:00.000Z', '2026-12-31T23:00:00.000Z'],
  ])('%s is cut at its midnights, summer and winter', (name, from, to) => {
    expect(parsePeriod(name, 'Europe/Stockholm')).toMatchObject({ name, from, to })
  })

  it('begins with the first moment of a day whose midnight the clock skips', () => {
    // Lebanon sets its clocks forward at midnight; in 2026 on 29 March, so no month of it begins so.
    expect(isoTime(dayBegins('2026-03-29', 'Asia/Beirut'))).toBe('2026-03-28T22:00:00.000Z')
  })

  it.each(['2026-13', '2026-00', '1999-Q1', '2199-Q4', '2026-1'])('is not %j', (text) => {
    expect(() => parsePeriod(text, 'UTC')).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', field: 'quarter' }),
    )
  })

  it('takes every moment once, over the hours at which clocks are set', () => {
    const months = Array.from({ length: 12 }, (_none, at) => String(at + 1).padStart(2, '0'))
    const periods = months.map((month) => parsePeriod(`2026-${month}`, 'Europe/Stockholm'))
    for (const [at, { from }] of periods.entries()) {
      if (at > 0) expect(from).toBe(periods[at - 1]?.to)
    }
    const year = ['Q1', 'Q2', 'Q3', 'Q4'].map((q) => parsePeriod(`2026-${q}`, 'Europe/Stockholm'))
    expect(year.map(({ from }) => from)).toEqual([0, 3, 6, 9].map((at) => periods[at]?.from))
  })

  it('counts what came in the last hour of the evening in the month that it was there', async () => {
    const local = statsIn('Europe/Stockholm')
    const submit = () =>
      world.transact((tx) => {
        local.count(tx, 'tip.child-support-line', 1)
        return Promise.resolve()
      })
    world.pass(24 * 28 + 14.5)
    expect(world.now()).toBe('2026-11-30T22:30:00.000Z')
    await submit()
    world.pass(1)
    await submit()
    await local.tally.count(['sighting'])
    expect(await local.quarter('2026-11')).toMatchObject({
      timeZone: 'Europe/Stockholm',
      tips: { 'child-support-line': 1 },
      sightings: 0,
    })
    expect(await local.quarter('2026-12')).toMatchObject({
      tips: { 'child-support-line': 1 },
      sightings: 1,
    })
    expect((await local.quarter()).tips).toMatchObject({ 'child-support-line': 2 })
  })

  it('gives each part of a period as the table of that part has it, of a year too', async () => {
    const local = statsIn('Europe/Stockholm')
    await local.tally.count(['sighting', 'verdict.none'])
    world.pass(24 * 40)
    await local.tally.count(['sighting', 'sighting'])
    const parts = await local.parts('2026-Q4')
    expect(parts.map(({ quarter, sightings }) => [quarter, sightings])).toEqual([
      ['2026-10', 0],
      ['2026-11', 1],
      ['2026-12', 2],
    ])
    for (const part of parts) expect(await local.quarter(part.quarter)).toMatchObject(part)
    expect((await local.quarter('2026')).sightings).toBe(3)
    const year = await local.parts('2026')
    expect(year.map(({ sightings }) => sightings)).toEqual([0, 0, 0, 3])
    expect(await local.parts('2026-11')).toEqual([])
    // What stands so now is of no part of a period.
    expect(Object.keys(parts[0] ?? {})).not.toContain('waiting')
  })

  it('gives a period, its parts and its hosts as each by itself, of one reading', async () => {
    const local = statsIn('Europe/Stockholm')
    await local.tally.count(['sighting', 'verdict.none'])
    for (const period of ['2026-Q4', '2026-11', '2026']) {
      expect(await local.together(period)).toEqual({
        whole: await local.quarter(period),
        parts: await local.parts(period),
        hosts: await local.hosts(period),
      })
    }
    await expect(local.together('2026-13')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  it('names the periods beside a period', () => {
    const zone = 'Europe/Stockholm'
    expect(periodsBeside('2026', zone)).toMatchObject({
      before: '2025',
      after: '2027',
      afterFrom: '2026-12-31T23:00:00.000Z',
      within: null,
    })
    expect(periodsBeside('2026-Q1', zone)).toMatchObject({
      before: '2025-Q4',
      after: '2026-Q2',
      within: '2026',
    })
    expect(periodsBeside('2026-12', zone)).toMatchObject({
      before: '2026-11',
      after: '2027-01',
      within: '2026-Q4',
    })
    expect(() => periodsBeside('2026-Q5', zone)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', field: 'period' }),
    )
  })
})
