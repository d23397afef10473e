import type { Match } from '../match/index.ts'
import type { CaseClear } from './record.ts'
import type { Case, ReviewDecision } from './case.ts'

type Standing = Pick<CaseClear, 'verdict' | 'decision' | 'rejectedBefore'>

const STRENGTH: Readonly<Record<Case['verdict'], number>> = {
  review: 1,
  confirmed: 2,
  exact: 3,
  assessed: 4,
}

/** Positive when `a` is the stronger verdict. */
export function compareStrength(a: Case['verdict'], b: Case['verdict']): number {
  return STRENGTH[a] - STRENGTH[b]
}

/** Whether a person must decide. Where one said no before, only equal bytes overrule that. */
export function decisionFor(verdict: Match['verdict'], rejectedBefore: boolean): ReviewDecision {
  if (verdict === 'exact') return 'not-needed'
  return verdict === 'review' || rejectedBefore ? 'pending' : 'not-needed'
}

/** The verdict and decision of a case at work after further evidence: never weaker. */
export function strengthened(
  before: Standing,
  verdict: Match['verdict'],
): Pick<CaseClear, 'verdict' | 'decision'> {
  if (compareStrength(verdict, before.verdict) <= 0) {
    return { verdict: before.verdict, decision: before.decision }
  }
  const decision =
    before.decision === 'accepted' ? 'accepted' : decisionFor(verdict, before.rejectedBefore)
  return { verdict, decision }
}

/**
 * The verdict and decision of a case that starts a new round: the new evidence alone counts. What
 * a person accepted before stays accepted when Hindra itself saw no less.
 */
export function renewed(
  before: Standing,
  verdict: Match['verdict'],
  clientSupplied: boolean,
): Pick<CaseClear, 'verdict' | 'decision'> {
  const accepted =
    before.decision === 'accepted' &&
    !clientSupplied &&
    compareStrength(verdict, before.verdict) >= 0
  return { verdict, decision: accepted ? 'accepted' : decisionFor(verdict, before.rejectedBefore) }
}
