import { HindraError } from '../errors.ts'
import type { Case, CaseStatus } from './case.ts'

const FROM_ANYWHERE = ['disputed', 'not-illegal', 'retracted'] as const

/**
 * The state machine: open -> in-progress -> removed | unavailable | moved -> closed. What rests
 * re-opens when it reappears. A dispute that ends well leads back to where it began.
 */
export const TRANSITIONS: Readonly<Record<CaseStatus, readonly CaseStatus[]>> = {
  open: ['in-progress', 'removed', 'unavailable', 'moved', 'closed', ...FROM_ANYWHERE],
  'in-progress': ['removed', 'unavailable', 'moved', 'closed', ...FROM_ANYWHERE],
  removed: ['open', 'closed', ...FROM_ANYWHERE],
  unavailable: ['open', 'closed', ...FROM_ANYWHERE],
  moved: ['open', 'closed', ...FROM_ANYWHERE],
  closed: ['open', ...FROM_ANYWHERE],
  disputed: [
    'open',
    'in-progress',
    'removed',
    'unavailable',
    'moved',
    'closed',
    'not-illegal',
    'retracted',
  ],
  'not-illegal': ['retracted'],
  retracted: [],
}

/** Throws CASE_STATE. Staying is no transition and always allowed. */
export function checkTransition(from: CaseStatus, to: CaseStatus): void {
  if (from === to || TRANSITIONS[from].includes(to)) return
  throw new HindraError('CASE_STATE', { says: 'case-transition', from, to })
}

/** Somebody is, or ought to be, getting it removed. */
export function isAtWork(status: CaseStatus): boolean {
  return status === 'open' || status === 'in-progress'
}

/** Whether it was not there when last looked at; it re-opens when it reappears. */
export function isResting(status: CaseStatus): boolean {
  return status === 'removed' || status === 'unavailable' || status === 'moved'
}

/** A later event can still lead to a notice. */
export function isLive(status: CaseStatus): boolean {
  return isAtWork(status) || isResting(status) || status === 'disputed'
}

/** Whether it did not stand, as a case or for its item; nothing is left that a person would have to decide. */
export function isTakenBack(status: CaseStatus): boolean {
  return status === 'retracted' || status === 'not-illegal'
}

/** Whether the evidence is strong enough or a person accepted it, and the item stands: what it is may be said. */
export function isDecided(entry: Pick<Case, 'verdict' | 'decision' | 'itemVerified'>): boolean {
  const decided =
    entry.decision === 'accepted' || (entry.decision === 'not-needed' && entry.verdict !== 'review')
  return decided && entry.itemVerified
}

/**
 * Whether a notice may go out: the evidence is strong enough or a person accepted it, the item
 * stands, and the case is at work. Everything that sends asks this in the transaction that sends.
 */
export function mayBeNotified(
  entry: Pick<Case, 'status' | 'verdict' | 'decision' | 'itemVerified'>,
): boolean {
  return isDecided(entry) && isAtWork(entry.status)
}
