import { type Case, type Cases, isTakenBack, mayBeNotified, type Subject } from '../cases/index.ts'
import { type Transaction, unlessDamaged } from '../store/index.ts'
import type { NoticeClear } from './outbox.ts'

/** Reads the item as it is now, in the same transaction: false for what was retracted a moment ago or is damaged. */
export type StillKnown = (tx: Transaction, subject: Subject) => Promise<boolean>

/**
 * Whether a notice may (still) go out. Asked in the very transaction that queues it or hands it
 * over, so that what was retracted, disputed or closed a moment ago accuses nobody.
 */
export async function standingCase(
  tx: Transaction,
  cases: Cases,
  stillKnown: StillKnown,
  notice: Pick<NoticeClear, 'caseId' | 'step' | 'round'>,
): Promise<Case | undefined> {
  // Of a case that nobody can read nobody is told.
  const entry = await unlessDamaged(cases.read(tx, notice.caseId))
  if (entry === undefined) return undefined
  // What was taken back is said to be, for ever.
  if (notice.step === 'correction') return isTakenBack(entry.status) ? entry : undefined
  // A person answers, whatever became of it.
  if (notice.step === 'answer') return entry
  // The police hear what became of their reply, but of nothing that was taken back.
  if (notice.step === 'confirmation') return isTakenBack(entry.status) ? undefined : entry
  if (notice.step === 'removed') {
    return entry.status === 'removed' && entry.reopened === notice.round ? entry : undefined
  }
  if (entry.reopened !== notice.round || !mayBeNotified(entry)) return undefined
  if (notice.step !== 'notice' && entry.missesInRow > 0) return undefined
  if (notice.step === 'reminder' && entry.status !== 'in-progress') return undefined
  return (await stillKnown(tx, entry.subject)) ? entry : undefined
}
