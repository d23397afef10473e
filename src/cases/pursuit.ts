import { HOUR_MS, isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Context, Transaction } from '../store/index.ts'
import { putAlert } from './alerts.ts'
import type { Act, Ledger } from './ledger.ts'
import { type CaseRow, toCase, withRound } from './record.ts'
import type { Schedule } from './schedule.ts'
import { isAtWork, isResting } from './states.ts'
import type { AlertedHold, AlertedNotice, Case, CaseHost, Look } from './types.ts'

const TRACE_RETRY_HOURS = 1

/** What the stages behind this one report of a case: its host, its notices, what looks found. */
export function createPursuit({ clock }: Context, ledger: Ledger, schedule: Schedule) {
  return {
    async setHost(tx: Transaction, by: string, caseId: string, host: CaseHost): Promise<Case> {
      const row = await ledger.need(tx, caseId)
      return toCase(
        ledger.change(tx, row, {
          by,
          action: 'case.host',
          reason: `hosted by ${host.name}`,
          detail: { country: host.country },
          clear: { tracedAt: host.tracedAt, country: host.country },
          sealed: { host },
        }),
      )
    },

    async traceFailed(tx: Transaction, by: string, caseId: string, why: string): Promise<Case> {
      const row = await ledger.need(tx, caseId)
      const reason = `no host found: ${why}`
      // Tried every hour: the history tells it once.
      const isNews = row.sealed.history.at(-1)?.reason !== reason
      return toCase(
        ledger.change(tx, row, {
          by,
          action: 'case.trace-failed',
          ...(isNews ? { reason } : {}),
          clear: { nextTraceAt: isoTime(clock.now() + TRACE_RETRY_HOURS * HOUR_MS) },
        }),
      )
    },

    async hostOf(tx: Transaction, caseId: string): Promise<CaseHost | null> {
      return (await ledger.need(tx, caseId)).sealed.host
    },

    async markNotified(tx: Transaction, by: string, caseId: string): Promise<Case> {
      const row = await ledger.need(tx, caseId)
      // The mail has gone out, whatever became of the case meanwhile.
      if (row.clear.status !== 'open') return toCase(row)
      const rounds = withRound(row.clear, { noticedAt: isoTime(clock.now()) })
      return toCase(
        ledger.change(tx, row, {
          by,
          action: 'case.notified',
          reason: 'notice sent',
          clear: { status: 'in-progress', rounds },
        }),
      )
    },

    async alertInDanger(
      tx: Transaction,
      about: { readonly caseId: string | null; readonly tipId?: string },
    ): Promise<void> {
      const { caseId } = about
      const status = caseId === null ? null : (await ledger.need(tx, caseId)).clear.status
      putAlert(tx, { kind: 'in-danger', ...about, status, at: isoTime(clock.now()) })
    },

    async alertByHand(tx: Transaction, caseId: string, notice: AlertedNotice): Promise<void> {
      const { status } = (await ledger.need(tx, caseId)).clear
      putAlert(tx, { kind: 'by-hand', caseId, status, at: isoTime(clock.now()), notice })
    },

    async alertUndelivered(tx: Transaction, caseId: string, notice: AlertedNotice): Promise<void> {
      const { status } = (await ledger.need(tx, caseId)).clear
      putAlert(tx, { kind: 'undelivered', caseId, status, at: isoTime(clock.now()), notice })
    },

    async alertHold(
      tx: Transaction,
      caseId: string,
      kind: 'hold-ends' | 'hold-asks',
      hold: AlertedHold,
    ): Promise<void> {
      const { status } = (await ledger.need(tx, caseId)).clear
      putAlert(tx, { kind, caseId, status, at: isoTime(clock.now()), hold })
    },

    async lookSoon(tx: Transaction, by: string, caseId: string, reason: string): Promise<Case> {
      const row = await ledger.need(tx, caseId)
      if (row.clear.nextRecheckAt === null) return toCase(row)
      const clear = { nextRecheckAt: isoTime(clock.now()), nextRecheckWhy: reason }
      return toCase(ledger.change(tx, row, { by, action: 'case.look-soon', reason, clear }))
    },

    async recordRecheck(tx: Transaction, by: string, caseId: string, look: Look): Promise<Case> {
      const row = await ledger.need(tx, caseId)
      const { status } = row.clear
      if (!isAtWork(status) && !isResting(status)) {
        throw new HindraError('CASE_STATE', `a case that is ${status} is not looked at`)
      }
      return toCase(ledger.change(tx, row, lookAct(by, row, look)))
    },
  }

  function lookAct(by: string, { clear }: CaseRow, look: Look): Act {
    const change = schedule.afterLook(clear, look)
    const act: Act = {
      by,
      action: 'case.recheck',
      detail: { outcome: look.outcome, cause: look.cause },
      clear: change,
      sealed: { lastLook: look },
    }
    const { status = clear.status } = change
    if (status === clear.status) return act
    if (status === 'open') {
      const reason = `reappeared: ${look.reason}`
      return {
        ...act,
        reason,
        alerts: ['reopened'],
        sealed: { lastLook: look, closedReason: null },
      }
    }
    return { ...act, reason: look.reason, alerts: status === 'removed' ? ['removed'] : [] }
  }
}
