import type { AssessmentFacts, CaseFacts, Cases, PanelFacts, SampleFacts } from '../cases/index.ts'
import type { TipFacts, Tips } from '../intake/index.ts'
import type { Transaction } from '../store/index.ts'
import type { NoticeFacts, ObjectionFacts, Takedown } from '../takedown/index.ts'
import { createFirstNotices, type FirstNoticeTimes } from './first-notices.ts'
import { isWithin, type Period } from './period.ts'

/** Where facts are read. */
export interface FactSources {
  readonly tips: Pick<Tips, 'facts'>
  readonly cases: Pick<Cases, 'facts' | 'assessmentFacts'> & {
    readonly panels: Pick<Cases['panels'], 'facts'>
    readonly samples: Pick<Cases['samples'], 'facts'>
  }
  readonly notices: Pick<Takedown, 'facts'> & {
    readonly objections: Pick<Takedown['objections'], 'facts'>
  }
}

/** What happened in a period, as it is known now: what figures are made of. */
export interface PeriodFacts {
  /** Whose midnights divide days. */
  readonly timeZone: string
  /** Tips that came or were dismissed in it. */
  readonly tips: readonly TipFacts[]
  /** Cases that were opened, ended, decided on or told of in it, and those that answer its tips. */
  readonly cases: readonly CaseFacts[]
  /** What analysts judged to be new in it. */
  readonly assessments: readonly AssessmentFacts[]
  /** What two people have assessed in it without sight of each other. */
  readonly panels: readonly PanelFacts[]
  /** Decisions of it that were drawn to be decided again, as far as it may be known that they were. */
  readonly samples: readonly SampleFacts[]
  /** Notices that were queued or handed over in it. */
  readonly notices: readonly NoticeFacts[]
  /** Objections that came or were decided in it. */
  readonly objections: readonly ObjectionFacts[]
  /** When somebody, and when the police, were first told of each case, in whatever period. */
  readonly firstNotices: Pick<FirstNoticeTimes, 'of' | 'policeOf'>
  /** Undefined where retention has taken it. */
  readonly caseOf: (id: string) => CaseFacts | undefined
}

/** Reads what a period is counted from: all cases and notices once, of which those are kept that concern it. */
export async function periodFacts(
  tx: Transaction,
  { tips, cases, notices }: FactSources,
  period: Period,
  timeZone: string,
): Promise<PeriodFacts> {
  const asked = new Set<string>()
  const ofTips: TipFacts[] = []
  await tips.facts(tx, (row) => {
    const { receivedAt, dismissed } = row.clear
    if (!isWithin(period, receivedAt) && !isWithin(period, dismissed?.at ?? null)) return
    ofTips.push(row)
    for (const id of casesOf(row)) asked.add(id)
  })
  const assessments: AssessmentFacts[] = []
  await cases.assessmentFacts(tx, (row) => {
    if (!isWithin(period, row.clear.at)) return
    assessments.push(row)
    if (row.clear.caseId !== null) asked.add(row.clear.caseId)
  })
  const panels: PanelFacts[] = []
  await cases.panels.facts(tx, (one) => {
    if (isWithin(period, one.at)) panels.push(one)
  })
  const samples: SampleFacts[] = []
  await cases.samples.facts(tx, (one) => {
    if (isWithin(period, one.drawnAt)) samples.push(one)
  })
  const ofNotices: NoticeFacts[] = []
  const firstNotices = createFirstNotices()
  await notices.facts(tx, (row) => {
    firstNotices.add(row.clear)
    const { queuedAt, sentAt, caseId } = row.clear
    if (!isWithin(period, queuedAt) && !isWithin(period, sentAt)) return
    ofNotices.push(row)
    asked.add(caseId)
  })
  const objections: ObjectionFacts[] = []
  await notices.objections.facts(tx, (one) => {
    if (isWithin(period, one.receivedAt) || isWithin(period, one.decidedAt)) objections.push(one)
  })
  const found = new Map<string, CaseFacts>()
  await cases.facts(tx, (row) => {
    if (asked.has(row.id) || concerns(row, period)) found.set(row.id, row)
  })
  return {
    timeZone,
    tips: ofTips,
    assessments,
    panels,
    samples,
    notices: ofNotices,
    objections,
    firstNotices,
    cases: [...found.values()],
    caseOf: (id) => found.get(id),
  }
}

/** The cases that answer a tip. */
export function casesOf({ clear: { caseId, caseIds } }: TipFacts): readonly string[] {
  return caseIds ?? (caseId === null ? [] : [caseId])
}

function concerns({ clear: { rounds, decided } }: CaseFacts, period: Period): boolean {
  if (isWithin(period, decided?.at ?? null)) return true
  return rounds.some(
    ({ openedAt, endedAt }) => isWithin(period, openedAt) || isWithin(period, endedAt),
  )
}
