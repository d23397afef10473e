import { type Context, take, type Transaction } from '../store/index.ts'
import { assessmentTable } from './assessment-records.ts'
import { caseTable } from './case-table.ts'
import type { Ledger } from './ledger.ts'
import type { CaseNotes } from './notes.ts'
import { panelTable } from './panels.ts'
import type { CaseRow } from './record.ts'
import type { CaseRejudging } from './rejudging.ts'
import { sampleTable } from './samples.ts'
import { isAtWork } from './states.ts'

/** What retention may remove, and how. */
export interface CaseErasure {
  /** Ids of cases that are over and whose last event was before a time. */
  overBefore(tx: Transaction, beforeIso: string, limit: number): Promise<readonly string[]>
  /** The cases among them whose host is still kept with all that look-ups said. */
  tracedBefore(tx: Transaction, beforeIso: string, limit: number): Promise<readonly string[]>
  /** What look-ups said of its host; who it was stays. Throws NOT_FOUND. */
  eraseTrace(tx: Transaction, caseId: string): Promise<void>
  /** Whether some case, of whatever state, is of the item. */
  isOfItem(tx: Transaction, itemId: string): Promise<boolean>
  /** The case with its history, evidence, notes, assessments, their panel and samples, and all that finds it. */
  erase(tx: Transaction, caseId: string): Promise<void>
}

export function createErasure(
  { sealer }: Context,
  ledger: Ledger,
  {
    eraseRejudgement,
    eraseNotes,
  }: Pick<CaseRejudging, 'eraseRejudgement'> & Pick<CaseNotes, 'eraseNotes'>,
): CaseErasure {
  const cases = caseTable(sealer)
  const assessments = assessmentTable(sealer)
  const panels = panelTable(sealer)
  const samples = sampleTable(sealer)

  async function overBefore(
    tx: Transaction,
    beforeIso: string,
    limit: number,
    isMeant: (row: CaseRow) => boolean = () => true,
  ): Promise<readonly string[]> {
    const found: string[] = []
    for await (const row of cases.rows(tx)) {
      if (found.length >= limit) break
      if (isOver(row) && lastEventAt(row) < beforeIso && isMeant(row)) found.push(row.id)
    }
    return found
  }

  return {
    overBefore: (tx, beforeIso, limit) => overBefore(tx, beforeIso, limit),
    tracedBefore: (tx, beforeIso, limit) => overBefore(tx, beforeIso, limit, hasTrace),
    async eraseTrace(tx, caseId) {
      const row = await ledger.need(tx, caseId)
      const host = row.sealed.host && { ...row.sealed.host, evidence: [] }
      cases.change(tx, row, { ...row, sealed: { ...row.sealed, host } })
    },
    isOfItem: (tx, itemId) => cases.by.subject.has(tx, [itemId]),
    async erase(tx, caseId) {
      const row = await ledger.need(tx, caseId)
      cases.remove(tx, row)
      eraseRejudgement(tx, caseId)
      await eraseNotes(tx, caseId)
      for (const sample of await take(samples.by.case.rows(tx, [caseId])))
        samples.remove(tx, sample)
      if (row.clear.subject.kind !== 'assessment') return
      for (const panel of await take(panels.by.case.rows(tx, [caseId]))) panels.remove(tx, panel)
      // Older versions kept no index of them.
      for await (const { id, clear } of assessments.clearRows(tx)) {
        if (clear.caseId === caseId) assessments.remove(tx, await assessments.need(tx, id))
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

function hasTrace({ sealed: { host } }: CaseRow): boolean {
  return host !== null && host.evidence.length > 0
}
