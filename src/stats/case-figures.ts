import type { CaseFacts } from '../cases/index.ts'
import { HOUR_MS, own } from '../core/index.ts'
import type { FirstNoticeTimes } from './notice-figures.ts'
import { isWithin, type Period } from './period.ts'

/** Counted from the cases: how they stand now, and what became of their rounds. */
export interface CaseFigures {
  casesOpened: number
  /** How many of those opened in the period stand so, and have their host there. */
  casesByStatus: Readonly<Record<string, number>>
  casesByCountry: Readonly<Record<string, number>>
  removed: number
  reopened: number
  /** Cases of those opened, and removals of those removed, that a child itself asked for. */
  ownRequestCases: number
  ownRequestsRemoved: number
  /** The hours from the first notice of a round to its end, where it was removed in the period. */
  readonly hoursToRemoval: number[]
}

const UNKNOWN_COUNTRY = 'unknown'

export function noFigures(): CaseFigures {
  return {
    casesOpened: 0,
    casesByStatus: {},
    casesByCountry: {},
    removed: 0,
    reopened: 0,
    ownRequestCases: 0,
    ownRequestsRemoved: 0,
    hoursToRemoval: [],
  }
}

/** What turned out to be no illegal material counts as a case, and not as a removal. */
export function countCase(
  figures: CaseFigures,
  { id, clear, sealed }: CaseFacts,
  period: Period,
  firstNotices: FirstNoticeTimes,
): void {
  const { ownRequest } = sealed.circumstances
  const [first, ...later] = clear.rounds
  if (first !== undefined && isWithin(period, first.openedAt)) {
    figures.casesOpened += 1
    if (ownRequest) figures.ownRequestCases += 1
    figures.casesByStatus = withOne(figures.casesByStatus, clear.status)
    figures.casesByCountry = withOne(figures.casesByCountry, clear.country ?? UNKNOWN_COUNTRY)
  }
  if (clear.status === 'retracted' || clear.status === 'not-illegal') return
  figures.reopened += later.filter(({ openedAt }) => isWithin(period, openedAt)).length
  for (const [round, { end, endedAt, noticedAt }] of clear.rounds.entries()) {
    if (end !== 'removed' || !isWithin(period, endedAt)) continue
    figures.removed += 1
    if (ownRequest) figures.ownRequestsRemoved += 1
    const hours = hoursToRemoval(firstNotices.of(id, round, noticedAt), endedAt)
    if (hours !== undefined) figures.hoursToRemoval.push(hours)
  }
}

/** Undefined where it was gone before anybody was told: that was no answer to a notice. */
export function hoursToRemoval(toldAt: string | null, endedAt: string): number | undefined {
  if (toldAt === null || endedAt < toldAt) return undefined
  return (Date.parse(endedAt) - Date.parse(toldAt)) / HOUR_MS
}

function withOne(counts: Readonly<Record<string, number>>, name: string): Record<string, number> {
  return { ...counts, [name]: (own(counts, name) ?? 0) + 1 }
}
