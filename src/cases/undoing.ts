import { HindraError } from '../errors.ts'
import type { Transaction } from '../store/index.ts'
import type { Ledger } from './ledger.ts'
import { checkReason } from './reason.ts'
import { type CaseRow, toCase } from './record.ts'
import { isLive } from './states.ts'
import type { Case, LastAct } from './case.ts'

/** Takes back what a person said of a case last, as if it had not been said; that it was said stays on record. */
export function createUndoing(ledger: Ledger) {
  return {
    /** What the case still stands on, so that it could be taken back; null where something else came since. */
    async lastAct(tx: Transaction, caseId: string): Promise<LastAct | null> {
      const row = await ledger.need(tx, caseId)
      const { lastAct = null } = row.clear
      return lastAct !== null && stillStands(row) ? { by: lastAct.by, as: lastAct.as } : null
    },

    /** Throws NOT_FOUND, INVALID_INPUT without a reason, CASE_STATE where it stands on something else by now. */
    async undo(tx: Transaction, by: string, caseId: string, reason: string): Promise<Case> {
      const row = await ledger.need(tx, caseId)
      checkReason(reason)
      const { lastAct = null } = row.clear
      if (lastAct === null || !stillStands(row)) {
        throw new HindraError('CASE_STATE', 'nothing was said of this case that it still stands on')
      }
      const { as, decided, rejectedBefore } = lastAct
      const act = { by, action: 'case.undo', reason, detail: { undone: as } }
      const before = { decided, rejectedBefore, lastAct: null }
      if (as === 'assessed') {
        const clear = { ...before, status: 'closed' } as const
        return toCase(ledger.change(tx, row, { ...act, clear, sealed: { closedReason: reason } }))
      }
      const pending = { ...before, decision: 'pending' } as const
      const clear = as === 'rejected' ? ({ ...pending, status: 'open' } as const) : pending
      // Whoever follows the alerts learned that it was decided, and learns that it waits again.
      const sealed = { closedReason: null }
      return toCase(ledger.change(tx, row, { ...act, alerts: ['review'], clear, sealed }))
    },
  }
}

/** Whether the case is as the act left it, but for what Hindra did by itself. */
function stillStands({ clear, sealed }: CaseRow): boolean {
  const { status, decision, rounds, lastAct = null } = clear
  if (lastAct?.rounds !== rounds.length) return false
  if (lastAct.as === 'assessed') return status === 'open'
  if (decision !== lastAct.as) return false
  if (lastAct.as === 'accepted') return isLive(status)
  return status === 'closed' && sealed.closedReason === 'rejected-match' && lastAct.from === 'open'
}
