import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Context, Transaction } from '../store/index.ts'
import { checkCircumstances } from './circumstances.ts'
import { checkReason } from './reason.ts'
import { strengthened } from './evidence.ts'
import type { Act, Ledger } from './ledger.ts'
import { type CaseRow, currentRound, judgesOf, keptAct, toCase } from './record.ts'
import { isLive, mayBeNotified } from './states.ts'
import type { Case, CaseTakeBack, Circumstances } from './case.ts'

const BATCH = 100

export type Rulings = ReturnType<typeof createRulings>

/** What persons say of a case, and what becomes of the cases of an item when they speak of it. */
export function createRulings(ledger: Ledger, { clock }: Pick<Context, 'clock'>) {
  return {
    async decide(
      tx: Transaction,
      by: string,
      caseId: string,
      decision: 'accepted' | 'rejected',
      reason: string,
    ): Promise<Case> {
      const row = await ledger.need(tx, caseId)
      if (row.clear.decision !== 'pending' || !isLive(row.clear.status)) {
        throw new HindraError('CASE_STATE', { says: 'case-not-pending' })
      }
      checkReason(reason)
      const act = {
        by,
        action: 'case.decide',
        reason,
        detail: { decision },
        isJudgement: true,
      } as const
      const decided = { at: isoTime(clock.now()), as: decision }
      const lastAct = keptAct(row.clear, by, decision)
      if (decision === 'accepted') {
        const actionable = mayBeNotified({ ...row.clear, decision })
        const alerts = actionable ? (['opened'] as const) : []
        return toCase(
          ledger.change(tx, row, { ...act, alerts, clear: { decision, decided, lastAct } }),
        )
      }
      return toCase(
        ledger.change(tx, row, {
          ...act,
          clear: { decision, decided, lastAct, status: 'closed', rejectedBefore: true },
          sealed: { closedReason: 'rejected-match' },
        }),
      )
    },

    async close(tx: Transaction, by: string, caseId: string, reason: string): Promise<Case> {
      const row = await ledger.need(tx, caseId)
      if (row.clear.status === 'closed') {
        throw new HindraError('CASE_STATE', { says: 'case-closed' })
      }
      checkReason(reason)
      const act = { by, action: 'case.close', reason, isJudgement: true } as const
      return toCase(
        ledger.change(tx, row, {
          ...act,
          clear: { status: 'closed' },
          sealed: { closedReason: reason },
        }),
      )
    },

    judgesOf: async (tx: Transaction, caseId: string): Promise<readonly string[]> =>
      judgesOf(await ledger.need(tx, caseId)),

    async setCircumstances(
      tx: Transaction,
      by: string,
      caseId: string,
      change: Partial<Circumstances>,
      reason: string,
    ): Promise<Case> {
      checkCircumstances(change)
      checkReason(reason)
      const row = await ledger.need(tx, caseId)
      const circumstances = { ...row.sealed.circumstances, ...change }
      const act = { by, action: 'case.circumstances', reason }
      return toCase(ledger.change(tx, row, { ...act, sealed: { circumstances } }))
    },

    async takeBack(
      tx: Transaction,
      by: string,
      caseId: string,
      why: CaseTakeBack,
      reason: string,
    ): Promise<Case> {
      const row = await ledger.need(tx, caseId)
      checkReason(reason)
      const isLegal = why === 'not-illegal'
      return toCase(
        ledger.change(tx, row, {
          by,
          action: isLegal ? 'case.not-illegal' : 'case.take-back',
          reason,
          detail: { why },
          isJudgement: true,
          clear: { status: isLegal ? 'not-illegal' : 'retracted' },
          sealed: { closedReason: reason, takenBack: why },
        }),
      )
    },

    retractItem: (tx: Transaction, by: string, itemId: string, limit = BATCH) =>
      changeItem(tx, itemId, limit, () => ({
        by,
        action: 'case.retract',
        reason: { says: 'item-retracted' },
        clear: { status: 'retracted', itemVerified: false },
      })),

    disputeItem: (tx: Transaction, by: string, itemId: string, limit = BATCH) =>
      changeItem(tx, itemId, limit, ({ clear: { status } }) =>
        status === 'disputed'
          ? undefined
          : {
              by,
              action: 'case.dispute',
              reason: { says: 'item-disputed' },
              clear: { status: 'disputed', disputedFrom: status, itemVerified: false },
            },
      ),

    holdItem: (tx: Transaction, by: string, itemId: string, limit = BATCH) =>
      changeItem(tx, itemId, limit, ({ clear }) =>
        clear.status === 'open' &&
        clear.decision === 'not-needed' &&
        currentRound(clear).noticedAt === null
          ? {
              by,
              action: 'case.hold',
              reason: { says: 'item-flooded' },
              alerts: ['review'],
              clear: { decision: 'pending' },
            }
          : undefined,
      ),

    verifyItem: (tx: Transaction, by: string, itemId: string, limit = BATCH) =>
      changeItem(tx, itemId, limit, (row) => verified(by, itemId, row)),
  }

  async function changeItem(
    tx: Transaction,
    itemId: string,
    limit: number,
    actFor: (row: CaseRow) => Act | undefined,
  ): Promise<readonly Case[]> {
    const changed: Case[] = []
    for await (const row of ledger.cases.by.subject.rows(tx, [itemId])) {
      const act = isLive(row.clear.status) ? actFor(row) : undefined
      if (act === undefined) continue
      changed.push(toCase(ledger.change(tx, row, act)))
      if (changed.length >= limit) break
    }
    return changed
  }
}

/** What had to wait because the item was not verified counts for what it is. */
function verified(by: string, itemId: string, { clear, sealed }: CaseRow): Act | undefined {
  if (clear.itemVerified) return undefined
  const match = sealed.matches.find((one) => one.itemId === itemId)
  const next = {
    ...clear,
    ...(match === undefined ? {} : strengthened(clear, match.verdict)),
    status: clear.disputedFrom ?? clear.status,
    itemVerified: true,
  }
  return {
    by,
    action: 'case.item-verified',
    reason: { says: 'item-verified' },
    alerts: mayBeNotified(next) ? ['seen-again'] : [],
    clear: next,
  }
}
