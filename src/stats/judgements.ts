import type { CaseFacts } from '../cases/index.ts'
import { casesOf, type PeriodFacts } from './period-facts.ts'
import type { TipFacts } from '../intake/index.ts'

/** What was judged of a URL, those first that count where a tip led to several. */
const URL_JUDGEMENTS = [
  'Baseline',
  'National',
  'Harmful',
  'waiting',
  'not-illegal',
  'taken-back',
  'no-match',
  'undecided',
] as const
type UrlJudgement = (typeof URL_JUDGEMENTS)[number]

/** What a case came to, as it is known now. */
export function judgedAs({ clear }: CaseFacts): UrlJudgement {
  const { status, decision, classification, itemVerified } = clear
  if (status === 'not-illegal') return 'not-illegal'
  if (status === 'retracted') return 'taken-back'
  if (decision === 'rejected') return 'no-match'
  if (decision === 'pending') return status === 'closed' ? 'undecided' : 'waiting'
  if (status === 'disputed' || !itemVerified) return 'waiting'
  return classification === 'Ignore' ? 'not-illegal' : classification
}

/** Whether it was judged, and to be a crime: what is only harmful is none. */
export function isIllegal(judged: string): boolean {
  return judged === 'Baseline' || judged === 'National'
}

/** What a tip led to: the weightiest of its cases, or why there is none. */
export function ledTo(tip: TipFacts, { caseOf }: Pick<PeriodFacts, 'caseOf'>): string {
  const { status, dismissed } = tip.clear
  if (status === 'new') return 'waiting'
  if (status === 'reported') return 'for-police'
  if (status === 'dismissed') {
    if (dismissed?.why === undefined) return 'dismissed'
    return dismissed.why === 'not-illegal' ? 'not-illegal' : `dismissed-${dismissed.why}`
  }
  const found = casesOf(tip).flatMap((id) => caseOf(id) ?? [])
  const judged = found.map(judgedAs)
  return URL_JUDGEMENTS.find((one) => judged.includes(one)) ?? 'no-longer-kept'
}
