import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../src/audit/index.ts'
import type { Case } from '../../src/cases/index.ts'
import { defined, SeededRandom } from '../../src/core/index.ts'
import { DISMISSALS } from '../../src/intake/terms.ts'
import type { HouseReport } from '../../src/reports/index.ts'
import type { Notice } from '../../src/takedown/index.ts'
import { OBJECTORS } from '../../src/takedown/terms.ts'
import { ANNA, openHouse, type ReportingHouse, ZONE } from './house.ts'

let house: ReportingHouse
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.dispose())

/** The day, month, quarter and year of a moment, by the formatter of the language and no code of ours. */
function datesOf(time: string): readonly string[] {
  const form = { timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit' } as const
  const day = new Intl.DateTimeFormat('sv-SE', form).format(new Date(time))
  const [year = '', month = ''] = day.split('-')
  return [year, `${year}-Q${Math.ceil(Number(month) / 3)}`, `${year}-${month}`, day]
}
/** What ends an objection, as the audit calls it. */
const RULED = /^objection\.(?:upheld|rejected|withdrawn)$/
/** `policy/objections.yaml` */
const DECIDED_WITHIN_DAYS = 14
const isIn = (period: string, time: string | null | undefined) =>
  typeof time === 'string' && time !== '' && datesOf(time).includes(period)

/** All that was done, from the audit and from lists, as anybody can read them: nothing of `src/stats`. */
interface RawLog {
  readonly entries: readonly AuditEntry[]
  readonly cases: ReadonlyMap<string, Case>
  readonly notices: readonly Notice[]
}

async function rawLog(): Promise<RawLog> {
  const entries: AuditEntry[] = []
  for (;;) {
    const page = await house.audit.entries(defined({ after: entries.at(-1)?.cursor }))
    if (page.length === 0) break
    entries.push(...page)
  }
  const cases = (await house.cases.list({ limit: 1_000 })).map((one) => [one.id, one] as const)
  return { entries, cases: new Map(cases), notices: await house.takedown.list({ limit: 1_000 }) }
}

const tally = (words: readonly string[]) => {
  const counts: Record<string, number> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}

/** What became of a URL, by its history as it is listed. */
function cameTo(one: Case | undefined): string {
  if (one === undefined) return 'no-longer-kept'
  if (one.takenBack === 'not-illegal') return 'not-illegal'
  if (one.takenBack !== null) return 'taken-back'
  if (one.decision === 'rejected') return 'no-match'
  return one.decision === 'pending' ? 'waiting' : one.classification
}

function countedAnew({ entries, cases, notices }: RawLog, period: string) {
  const acts = (action: string) =>
    entries.filter((entry) => entry.action === action && isIn(period, entry.at))
  const tips = acts('tip.submit')
  const lastOf = (id: string) => entries.findLast((entry) => entry.subject === id)
  const tipCameTo = (id: string) => {
    const last = lastOf(id)
    if (last?.action === 'tip.report') return 'for-police'
    if (last?.action === 'tip.dismiss') {
      const why = last.detail['why']
      if (why === undefined) return 'dismissed'
      return why === 'not-illegal' ? 'not-illegal' : `dismissed-${String(why)}`
    }
    return last?.action === 'tip.assessed'
      ? cameTo(cases.get(String(last.detail['case'])))
      : 'waiting'
  }
  const opened = acts('case.open').map(({ subject }) => cases.get(subject))
  const withoutCase = tips.filter(({ subject }) => lastOf(subject)?.action !== 'tip.assessed')
  const illegal = opened.filter((one) => ['Baseline', 'National'].includes(cameTo(one)))
  const left = notices.filter(({ sentAt }) => isIn(period, sentAt))
  const arrived = (step: Notice['step']) =>
    left.filter((notice) => notice.step === step && notice.state !== 'bounced')
  const first = arrived('notice')
  const isStanding = (one: Case) => one.takenBack === null
  const gone = [...cases.values()].filter((one) => isIn(period, one.removedAt)).filter(isStanding)
  const told = (one: Case) =>
    notices
      .filter(({ caseId, step, state, sentAt }) =>
        [caseId === one.id, step === 'notice', state !== 'bounced', sentAt !== null].every(Boolean),
      )
      .map(({ sentAt }) => sentAt ?? '')
      .toSorted()[0]
  const timed = gone.filter((one) => (told(one) ?? '~') <= (one.removedAt ?? ''))
  const sameDay = timed.filter((one) => isIn(datesOf(told(one) ?? '')[3] ?? '', one.removedAt))
  const days = timed.map(
    (one) => (Date.parse(one.removedAt ?? '') - Date.parse(told(one) ?? '')) / 86_400_000,
  )
  const fate = ({ caseId, sentAt }: Notice) => {
    const one = cases.get(caseId)
    if (one?.takenBack !== null) return 'taken-back'
    if (one.removedAt === null) return 'not-gone'
    return one.removedAt < (sentAt ?? '') ? 'gone-before' : 'removed'
  }
  const hosting = first.filter(({ role }) => role === 'host' || role === 'platform')
  const decisions = [...cases.values()].flatMap((one) => {
    const last = entries.findLast(
      ({ subject, action }) => subject === one.id && action === 'case.decide',
    )
    return isIn(period, last?.at) ? [`match-${String(last?.detail['decision'])}`] : []
  })
  const objections = entries.filter(({ action }) => action === 'objection.add')
  const rulings = entries.filter(({ action, at }) => RULED.test(action) && isIn(period, at))
  const took = rulings
    .filter(({ action }) => action !== 'objection.withdrawn')
    .map(({ subject, at }) => {
      const came = objections.find((entry) => entry.subject === subject)
      return (Date.parse(at) - Date.parse(came?.at ?? '')) / 86_400_000
    })
    .toSorted((one, other) => one - other)
  const middle = took.slice(Math.ceil(took.length / 2) - 1, Math.floor(took.length / 2) + 1)
  const assessed = opened.filter((one) => one?.verdict === 'assessed').map(() => 'new')
  const share = (part: number, whole: number) =>
    whole === 0 ? null : Math.round((part / whole) * 1_000) / 10
  const records = [...opened.map(cameTo), ...withoutCase.map(({ subject }) => tipCameTo(subject))]
  const judged = records.filter((word) => word !== 'waiting')
  return {
    tips: tally(tips.map(({ detail }) => String(detail['source']))),
    tipsLedTo: tally(tips.map(({ subject }) => tipCameTo(subject))),
    judgements: tally([
      ...assessed,
      ...decisions,
      ...acts('tip.dismiss').map(() => 'tip-dismissed'),
    ]),
    noticesByRecipient: tally(first.map(({ role }) => role)),
    noticeOutcomes: tally(first.map(fate)),
    noticesBounced: { '': left.filter(({ state }) => state === 'bounced').length },
    removed: { '': gone.length },
    ownRequestsRemoved: { '': gone.filter((one) => one.circumstances.ownRequest).length },
    correctionsSent: { '': arrived('correction').length },
    hostingNoticesByProvider: tally(hosting.map(({ hostName }) => hostName)),
    hostingNoticesByContent: tally(
      hosting.map(({ caseId }) => cases.get(caseId)?.classification ?? 'gone'),
    ),
    hostingNoticesByAction: tally(hosting.map(fate)),
    records: tally(records),
    recordsIllegal: {
      '': share(
        judged.filter((word) => ['Baseline', 'National'].includes(word)).length,
        judged.length,
      ),
    },
    recordsNew: {
      '': share(illegal.filter((one) => one?.subject.kind === 'assessment').length, illegal.length),
    },
    recordsByCountry: tally(illegal.map((one) => one?.country ?? 'unknown')),
    removedSameDay: { '': share(sameDay.length, timed.length) },
    objectionsReceived: tally(
      objections
        .filter(({ at }) => isIn(period, at))
        .map(({ detail }) => String(detail['objector'])),
    ),
    objectionsDecided: tally(rulings.map(({ action }) => action.slice('objection.'.length))),
    objectionDaysMedian: {
      '':
        middle.length === 0
          ? null
          : Math.round((middle.reduce((all, one) => all + one, 0) / middle.length) * 100) / 100,
    },
    objectionsInTime: {
      '': share(took.filter((days) => days <= DECIDED_WITHIN_DAYS).length, took.length),
    },
    removalDays: {
      '':
        days.length === 0
          ? null
          : Math.round((days.reduce((all, one) => all + one, 0) / days.length) * 100) / 100,
    },
  }
}

/** A figure of a report in one column, by group, without what is nothing; `''` where it has no groups. */
function shownIn(
  { figures, columns }: HouseReport,
  id: string,
  period: string,
): Readonly<Record<string, unknown>> {
  const lines = figures.find((figure) => figure.id === id)?.lines ?? []
  const column = columns.indexOf(period)
  const groups = lines.filter(({ group }) => group !== null)
  if (groups.length === 0) return withoutNothing({ '': lines[0]?.cells[column] })
  const shown = groups.filter(({ cells }) => cells[column] !== 0)
  return Object.fromEntries(
    shown.map(({ group, cells }) => [group ?? '', cells[column] as unknown] as const),
  )
}

/** A figure by groups has none where nothing was counted, and a single number is 0. */
function withoutNothing(groups: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries(groups).filter(([, value]) => value !== 0))
}

async function play(seed: number): Promise<void> {
  const random = new SeededRandom(seed)
  const number = (below: number) => (random.bytes(1)[0] ?? 0) % below
  const sources = ['public', 'hotline', 'child-support-line', 'police'] as const
  const known: string[] = []
  await house.item('item')
  for (let step = 0; step < 60; step += 1) {
    house.pass(number(60) + number(2) / 2)
    const url = `https://${['alpha', 'beta'][number(2)] ?? 'alpha'}.example/${step}.jpg`
    const act = number(8)
    if (act < 3) {
      const source = sources[number(4)] ?? 'public'
      const tip = await house.transact(async (tx) => {
        house.stats.count(tx, `tip.${source}`, 1)
        return house.tips.submit(tx, ANNA, { url, source, priority: 2 })
      })
      const answer = number(3)
      if (answer === 0) {
        const why = DISMISSALS[number(DISMISSALS.length + 1)]
        await house.transact((tx) => house.tips.dismiss(tx, ANNA, tip.id, 'looked', why))
      } else if (answer === 1) {
        known.push(await assess(url, tip.id, number(2) === 0, number(3) === 0))
      }
    } else if (act === 3) {
      const { id, decision } = await house.seen(url, 'item', number(2) === 0 ? 'review' : 'exact')
      known.push(id)
      if (decision === 'pending' && number(3) > 0) {
        const said = number(2) === 0 ? 'accepted' : 'rejected'
        await house.transact((tx) => house.cases.decide(tx, 'anna', id, said, 'looked'))
      }
    }
    if (act === 4) {
      const isForPolice = number(2) === 0
      await house.transact(async (tx) => {
        house.stats.count(tx, 'tip.public', 1)
        const words = { words: 'seen in an app', category: 'grooming' } as const
        const { id } = await house.tips.submit(tx, ANNA, {
          ...words,
          source: 'public',
          priority: 2,
        })
        if (isForPolice) await house.tips.markReported(tx, ANNA, id, 'names an account')
      })
    }
    await house.run()
    if (number(3) === 0) await object(known[number(Math.max(1, known.length))], number)
    if (number(5) === 0) house.bounceLast()
    await house.takedown.collect('hindra')
    const id = known[number(Math.max(1, known.length))]
    if (id === undefined || number(2) === 0) continue
    const { status } = await house.cases.get(id)
    if (status !== 'open' && status !== 'in-progress') continue
    if (number(4) > 0) await house.remove(id)
    else {
      const why = number(2) === 0 ? 'not-illegal' : 'not-the-same'
      await house.transact(async (tx) => {
        await house.takedown.withdrawForCase(tx, 'anna', id)
        await house.cases.takeBack(tx, 'anna', id, why, 'a mistake')
        house.takedown.correctForCase(tx, id)
      })
    }
  }
  await house.run()
}

/** Somebody objects, and somebody else decides that, at once or late, or nobody does. */
async function object(caseId: string | undefined, number: (below: number) => number) {
  const { objections } = house.takedown
  if (caseId === undefined) return
  const objector = OBJECTORS[number(OBJECTORS.length)] ?? 'other'
  const given = { caseId, objector, way: 'mail', words: 'It is not so.' } as const
  const { id } = await house.transact((tx) => objections.add(tx, 'anna', given))
  house.pass(24 * number(20))
  const reason = 'as tested'
  const ending = number(4)
  await house.transact(async (tx) => {
    if (ending === 0) await objections.withdraw(tx, 'anna', id, reason)
    if (ending === 1) {
      await objections.decide(tx, 'berit', id, { decision: 'rejected', reason }, true)
    }
    if (ending === 2) {
      const upheld = { decision: 'upheld', reason, takeBack: 'not-the-same' } as const
      await objections.decide(tx, 'berit', id, upheld, true)
    }
  })
}

const assess = (url: string, tipId: string, asks: boolean, isNational: boolean) =>
  house.transact(async (tx) => {
    const { id } = await house.cases.openFromAssessment(tx, 'anna', {
      url,
      classification: isNational ? 'National' : 'Baseline',
      reason: 'as tested',
      tipId,
      circumstances: { ownRequest: asks },
    })
    await house.tips.markAssessed(tx, ANNA, tipId, [id])
    return id
  })

describe('every figure of the reports', () => {
  it.each([11, 12])(
    'agrees with a count of the raw log, by month and quarter: seed %i',
    async (seed) => {
      await play(seed)
      const log = await rawLog()
      let counted = 0
      for (const period of ['2026-Q4', '2026-11', '2026-12', '2027-Q1', '2027']) {
        for (const name of ['ecpat', 'dsa', 'inhope'] as const) {
          const report = await house.reports.make(name, period, false)
          for (const column of report.columns) {
            const anew = countedAnew(log, column)
            for (const [id, groups] of Object.entries(anew)) {
              if (!report.figures.some((figure) => figure.id === id)) continue
              const shown = [column, id, shownIn(report, id, column)]
              expect(shown).toEqual([column, id, withoutNothing(groups)])
              counted += 1
            }
          }
        }
      }
      expect(counted).toBeGreaterThan(100)
      const whole = countedAnew(log, '2026-Q4')
      expect(whole.removed[''] + (whole.noticeOutcomes['removed'] ?? 0)).toBeGreaterThan(2)
      const ended = log.entries.filter(({ action }) => RULED.test(action))
      expect(new Set(ended.map(({ action }) => action)).size).toBe(3)
      // What explains a figure has as many rows as the figure says.
      const quarter = await house.reports.make('ecpat', '2026-Q4', false)
      for (const { id, unit, lines } of quarter.figures) {
        const explained = await house.reports.explain(ANNA, id, '2026-Q4', {
          from: 0,
          limit: 10_000,
        })
        expect(explained.value).toEqual(lines.at(-1)?.cells[0])
        if (unit !== 'hour' && unit !== 'percent' && unit !== 'alpha') {
          expect([id, explained.rowsInAll]).toEqual([id, explained.value])
        }
        expect(explained.rows.every(({ shows }) => !(shows ?? '').includes('https://'))).toBe(true)
      }
    },
  )
})
