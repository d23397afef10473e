import { Collection, type Context, type Transaction } from '../store/index.ts'
import { placeKey, unindex, urlKey } from './indexes.ts'
import type { Ledger } from './ledger.ts'
import { type CaseRow, caseCollection } from './record.ts'
import { isAtWork } from './states.ts'

/** What retention may remove, and how. */
export interface CaseErasure {
  /** Ids of cases that are over and whose last event was before a time. */
  overBefore(tx: Transaction, beforeIso: string, limit: number): Promise<readonly string[]>
  /** The case with its history, evidence and assessments, and all that finds it. */
  erase(tx: Transaction, caseId: string): Promise<void>
}

export function createErasure({ sealer }: Context, ledger: Ledger): CaseErasure {
  const cases = caseCollection(sealer)
  const assessments = new Collection<{ caseId: string }, unknown>('assessment', sealer)

  return {
    async overBefore(tx, beforeIso, limit) {
      const found: string[] = []
      for await (const row of cases.rows(tx)) {
        if (found.length >= limit) break
        if (isOver(row) && lastEventAt(row) < beforeIso) found.push(row.id)
      }
      return found
    },
    async erase(tx, caseId) {
      const row = await ledger.need(tx, caseId)
      const { subject } = row.clear
      const subjectKey = subject.kind === 'item' ? subject.id : 'assessment'
      tx.delete(urlKey(sealer, subjectKey, row.sealed.url))
      tx.delete([...placeKey(sealer, row.sealed.url), caseId])
      unindex(tx, caseId, row.clear)
      cases.delete(tx, caseId)
      if (subject.kind !== 'assessment') return
      for await (const { id, clear } of assessments.clearRows(tx)) {
        if (clear.caseId === caseId) assessments.delete(tx, id)
      }
    },
  }
}

/** Nobody works on it, and nobody looks for it any more. */
function isOver({ clear }: CaseRow): boolean {
  return !isAtWork(clear.status) && clear.status !== 'disputed' && clear.nextRecheckAt === null
}

function lastEventAt({ clear, sealed }: CaseRow): string {
  const times = [clear.lastSeenAt, clear.lastMissAt ?? '', sealed.history.at(-1)?.at ?? '']
  return times.reduce((a, b) => (a > b ? a : b))
}
