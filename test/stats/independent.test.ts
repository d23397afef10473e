import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SeededRandom } from '../../src/core/index.ts'
import type { Notice } from '../../src/takedown/index.ts'
import { createTips } from '../../src/intake/index.ts'
import { createStats, type QuarterTable, type Stats } from '../../src/stats/index.ts'
import { FIGURES } from '../../src/stats/terms.ts'
import { NOBODY_ASSIGNED } from '../reports/house.ts'
import { bounce } from '../takedown/mails-back.ts'
import { openTakedownWorld, type TakedownWorld } from '../takedown/world.ts'
import { QUEUE_HOURS } from '../intake/queue-hours.ts'
import { usually } from '../long.ts'

const ZONE = 'Europe/Stockholm'
const CAUTIONS = { onePersonLists: [], quarantined: 0 }

let directory: string
let world: TakedownWorld
let stats: Stats
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-figures-'))
  for (const folder of ['new', 'cur', 'tmp']) mkdirSync(join(directory, folder))
  world = await openTakedownWorld({}, { flags: { 'inbox.maildir': directory } })
  stats = createStats(
    world.context,
    {
      tips: createTips(world.context, world.audit, NOBODY_ASSIGNED, QUEUE_HOURS),
      cases: world.cases,
      notices: world.takedown,
      cautions: () => Promise.resolve(CAUTIONS),
    },
    { timeZone: ZONE },
  )
})
afterEach(async () => {
  await world.dispose()
  rmSync(directory, { recursive: true })
})

/** The month and quarter of a moment, by the formatter of the language and no code of ours. */
function periodsOf(time: string): readonly string[] {
  const [year = '', month = ''] = new Intl.DateTimeFormat('sv-SE', {
    timeZone: ZONE,
    year: 'numeric',
    month: '2-digit',
  })
    .format(new Date(time))
    .split('-')
  return [`${year}-${month}`, `${year}-Q${Math.ceil(Number(month) / 3)}`]
}

const isIn = (period: string, time: string | null | undefined) =>
  time !== null && time !== undefined && periodsOf(time).includes(period)

/** What the story itself did, act by act. */
interface Acts {
  readonly opened: { readonly id: string; readonly at: string; readonly asks: boolean }[]
  readonly gone: { readonly id: string; readonly at: string | null }[]
  readonly reopened: { readonly id: string; readonly at: string }[]
}

/** Figures counted in another way: cases from what was done, notices from what is listed. */
async function countedAnew(period: string, acts: Acts): Promise<Partial<QuarterTable>> {
  const listed = await world.takedown.list({ limit: 1_000 })
  const fallen = (await world.cases.list({ status: 'not-illegal', limit: 1_000 })).map(
    ({ id }) => id,
  )
  const within = <Act extends { id: string; at: string | null }>(done: readonly Act[]) =>
    done.filter(({ at }) => isIn(period, at))
  const standing = <Act extends { id: string }>(done: readonly Act[]) =>
    done.filter(({ id }) => !fallen.includes(id))
  const asking = acts.opened.filter(({ asks }) => asks).map(({ id }) => id)
  const asks = ({ id }: { id: string }) => asking.includes(id)
  const left = listed.filter(({ sentAt }) => isIn(period, sentAt))
  const of = (step: Notice['step']) =>
    left.filter((notice) => notice.step === step && notice.state !== 'bounced').length
  const gone = within(standing(acts.gone))
  return {
    casesOpened: within(acts.opened).length,
    ownRequestCases: within(acts.opened).filter(asks).length,
    reopened: within(standing(acts.reopened)).length,
    removed: gone.length,
    ownRequestsRemoved: gone.filter(asks).length,
    noticesSent: of('notice'),
    remindersSent: of('reminder'),
    correctionsSent: of('correction'),
    noticesBounced: left.filter(({ state }) => state === 'bounced').length,
  }
}

describe('the figures', () => {
  it.each(usually([1], [1, 2, 3]))(
    'agree with a second count, over the ends of months and quarters: seed %i',
    async (seed) => {
      const random = new SeededRandom(seed)
      const number = (below: number) => (random.bytes(1)[0] ?? 0) % below
      const acts: Acts = { opened: [], gone: [], reopened: [] }
      const assess = (url: string, circumstances: { ownRequest?: boolean } = {}) =>
        world.transact((tx) =>
          world.cases.openFromAssessment(tx, 'anna', {
            url,
            classification: 'Baseline',
            reason: 'as tested',
            circumstances,
          }),
        )
      // From 2 November past midnight of 1 December and of 1 January in Stockholm.
      for (let step = 0; step < 36; step += 1) {
        world.pass(number(80) + number(2) / 2)
        if (number(3) > 0) {
          const asks = number(3) === 0
          const host = ['alpha', 'beta'][number(2)] ?? 'alpha'
          const { id } = await assess(`https://${host}.example/${step}.jpg`, { ownRequest: asks })
          acts.opened.push({ id, at: world.now(), asks })
        }
        await world.run()
        if (number(4) === 0) bounceLast()
        await world.takedown.collect('hindra')
        const id = acts.opened[number(Math.max(1, acts.opened.length))]?.id
        if (id === undefined) continue
        const { status, url } = await world.cases.get(id)
        const isAtWork = status === 'open' || status === 'in-progress'
        if (status === 'removed') {
          await assess(url)
          acts.reopened.push({ id, at: world.now() })
        } else if (isAtWork && number(3) > 0) {
          const { removedAt } = await world.remove(id)
          acts.gone.push({ id, at: removedAt })
        } else if (isAtWork) {
          await world.transact(async (tx) => {
            await world.cases.takeBack(tx, 'anna', id, 'not-illegal', 'a mistake')
            world.takedown.correctForCase(tx, id)
          })
        }
      }
      await world.run()
      const told: Partial<QuarterTable>[] = []
      for (const period of ['2026-11', '2026-12', '2027-01', '2026-Q4', '2027-Q1']) {
        const anew = await countedAnew(period, acts)
        expect([period, await stats.quarter(period)]).toMatchObject([period, anew])
        told.push(anew)
      }
      const sum = (name: 'noticesBounced' | 'ownRequestCases' | 'removed' | 'reopened') =>
        told.reduce((all, figures) => all + (figures[name] ?? 0), 0)
      expect(sum('removed')).toBeGreaterThan(0)
      expect(sum('noticesBounced')).toBeGreaterThan(0)
      expect(sum('ownRequestCases')).toBeGreaterThan(0)
    },
  )

  it('are each defined', async () => {
    const shown = Object.keys(await stats.quarter())
    expect(Object.keys(FIGURES).toSorted()).toEqual(shown.toSorted())
  })

  it('count a notice that came back as bounced, and no hours to removal from it', async () => {
    const id = await world.assessed('http://alpha.example/1.jpg')
    await world.run()
    expect(await stats.quarter()).toMatchObject({ noticesSent: 1, noticesBounced: 0 })
    bounceLast()
    await world.takedown.collect('hindra')
    expect(await stats.quarter()).toMatchObject({ noticesSent: 0, noticesBounced: 1 })
    await world.remove(id)
    expect(await stats.quarter()).toMatchObject({ removed: 1, hoursToRemovalMedian: null })
    expect(await stats.hosts()).toMatchObject([{ removed: 1, hoursToRemovalMedian: null }])
  })
})

let delivered = 0
/** The mail server of the last recipient gives up. */
function bounceLast(): void {
  const mail = world.server.received.at(-1)
  if (mail === undefined) return
  delivered += 1
  const lines = bounce(mail.from, mail.parsed.messageId ?? '')
  writeFileSync(join(directory, 'new', `${1_000_000 + delivered}.M1.host`), lines.join('\r\n'))
}
