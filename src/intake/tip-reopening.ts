import type { Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import { defined } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { type Context, take, type Transaction } from '../store/index.ts'
import type { Tip } from './tip-fields.ts'
import { tipOf, type TipRow, type tipTable, urlPlace } from './tip-records.ts'

/** How tips come back to the queue that somebody took off it by mistake. */
export interface TipReopening {
  /**
   * A tip that was dismissed waits again, unless a case covers it. Throws NOT_FOUND, CONFLICT where it is not dismissed.
   *
   * @param caseId The case that covers it meanwhile
   */
  reopen(
    tx: Transaction,
    by: Principal,
    tipId: string,
    reason: string,
    caseId?: string,
  ): Promise<Tip>
  /** What a case alone answered waits again, for the case is taken back; resolves to the ids of those tips. */
  reopenOf(
    tx: Transaction,
    by: Principal,
    answered: {
      readonly caseId: string
      readonly url: string
      /** Tips of other URLs that led to it: of the page on which the media is. */
      readonly tipIds: readonly string[]
    },
    reason: string,
  ): Promise<readonly string[]>
}

export function createTipReopening(
  { sealer }: Pick<Context, 'sealer'>,
  tips: ReturnType<typeof tipTable>,
  audit: Audit,
): TipReopening {
  function back(
    tx: Transaction,
    by: Principal,
    row: TipRow,
    reason: string,
    caseId: string | null,
  ): TipRow {
    // Whoever answered it, and how, is no part of what waits.
    const kept = defined({ ...row.clear, dismissed: undefined, caseIds: undefined })
    const status = caseId === null ? 'new' : 'known'
    const after = { ...row, clear: { ...kept, status, caseId } } as const
    tips.change(tx, row, after)
    const detail = { reason, from: row.clear.status, to: status, case: caseId }
    audit.append(tx, { by: by.id, action: 'tip.reopen', subject: row.id, detail })
    return after
  }

  return {
    async reopen(tx, by, tipId, reason, caseId) {
      const row = await tips.need(tx, tipId)
      const { status } = row.clear
      if (status !== 'dismissed') {
        throw new HindraError('CONFLICT', { says: 'tip-not-dismissed', status })
      }
      return tipOf(back(tx, by, row, reason, caseId ?? null))
    },

    async reopenOf(tx, by, { caseId, url, tipIds }, reason) {
      const found = new Map<string, TipRow>()
      for (const row of await take(tips.by.url.rows(tx, urlPlace(sealer, url)))) {
        found.set(row.id, row)
      }
      for (const id of tipIds) {
        const row = await tips.get(tx, id)
        if (row !== undefined) found.set(id, row)
      }
      const reopened: string[] = []
      for (const row of found.values()) {
        const { status, caseId: answer, caseIds = [] } = row.clear
        const isAnswered = status === 'assessed' || status === 'known'
        if (!isAnswered || answer !== caseId || caseIds.length > 1) continue
        back(tx, by, row, reason, null)
        reopened.push(row.id)
      }
      return reopened
    },
  }
}
