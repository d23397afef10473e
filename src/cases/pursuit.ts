import type { AlertedHold, AlertedMail, AlertedNotice, AlertedObjection } from './alert-types.ts'
import type { Config } from '../config.ts'
import { HOUR_MS, isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { type Context, type Transaction, unlessDamaged } from '../store/index.ts'
import { putAlert } from './alerts.ts'
import type { Act, Ledger } from './ledger.ts'
import { type CaseRow, toCase, withRound } from './record.ts'
import { checkReason } from './reason.ts'
import type { Schedule } from './schedule.ts'
import { isAtWork, isResting } from './states.ts'
import type { Case, CaseHost, CaseLook, LookAnswer } from './case.ts'
import { told } from './unverified.ts'
import { type CaseReason, toldWhy } from './whys.ts'

const TRACE_RETRY_HOURS = 1
/** Cases whose alerts one transaction writes, at most. */
const ALERTED_AT_ONCE = 100
/** A host must not be out of sight for good by one word. */
const LOOK_AGAIN_DAYS_MAX = 31

/** What the stages behind this one report of a case: its host, its notices, what looks found. */
export function createPursuit(
  { clock }: Context,
  ledger: Ledger,
  schedule: Schedule,
  settings: Config['recheck'],
) {
  return {
    async setHost(tx: Transaction, by: string, caseId: string, host: CaseHost): Promise<Case> {
      const row = await ledger.need(tx, caseId)
      return toCase(
        ledger.change(tx, row, {
          by,
          action: 'case.host',
          reason: { says: 'host-found', host: host.name },
          detail: { country: host.country },
          clear: { tracedAt: host.tracedAt, country: host.country },
          sealed: { host },
        }),
      )
    },

    async traceFailed(tx: Transaction, by: string, caseId: string, problem: string): Promise<Case> {
      const row = await ledger.need(tx, caseId)
      const why = { says: 'host-unfound', problem } as const
      // Tried every hour: the history tells it once.
      const isNews = row.sealed.history.at(-1)?.reason !== toldWhy(why).reason
      return toCase(
        ledger.change(tx, row, {
          by,
          action: 'case.trace-failed',
          ...(isNews ? { reason: why } : {}),
          clear: { nextTraceAt: isoTime(clock.now() + TRACE_RETRY_HOURS * HOUR_MS) },
        }),
      )
    },

    async hostOf(tx: Transaction, caseId: string): Promise<CaseHost | null> {
      return (await ledger.need(tx, caseId)).sealed.host
    },

    async lookedAtBy(tx: Transaction, caseId: string, at: string): Promise<string | null> {
      return schedule.lookedAtBy((await ledger.need(tx, caseId)).clear, at)
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
          reason: { says: 'notice-sent' },
          clear: { status: 'in-progress', rounds },
        }),
      )
    },

    async alertInDanger(
      tx: Transaction,
      about: { readonly caseId: string | null; readonly tipId?: string },
    ): Promise<void> {
      await alert(tx, { kind: 'in-danger', ...about })
    },

    alertErrand: alert,

    async alertUndelivered(tx: Transaction, caseId: string, notice: AlertedNotice): Promise<void> {
      await alert(tx, { kind: 'undelivered', caseId, notice })
    },

    async alertHold(
      tx: Transaction,
      caseId: string,
      kind: 'hold-ends' | 'hold-asks',
      hold: AlertedHold,
    ): Promise<void> {
      await alert(tx, { kind, caseId, hold })
    },

    async alertObjection(
      tx: Transaction,
      caseId: string,
      objection: AlertedObjection,
    ): Promise<void> {
      await alert(tx, { kind: 'objection', caseId, objection })
    },

    async alertPoliceMail(tx: Transaction, mail: AlertedMail): Promise<void> {
      await alert(tx, { kind: 'police-mail', caseId: null, mail })
    },

    async alertDamaged(tx: Transaction, record: string): Promise<void> {
      await alert(tx, { kind: 'damaged', caseId: null, record })
    },

    async lookSoon(tx: Transaction, by: string, caseId: string, why: CaseReason): Promise<Case> {
      const row = await ledger.need(tx, caseId)
      if (row.clear.nextRecheckAt === null) return toCase(row)
      const clear = { nextRecheckAt: isoTime(clock.now()), nextRecheckWhy: toldWhy(why).reason }
      return toCase(ledger.change(tx, row, { by, action: 'case.look-soon', reason: why, clear }))
    },

    async recordRecheck(
      tx: Transaction,
      by: string,
      caseId: string,
      look: CaseLook,
    ): Promise<Case> {
      const row = await ledger.need(tx, caseId)
      const { status } = row.clear
      if (!isAtWork(status) && !isResting(status)) {
        throw new HindraError('CASE_STATE', { says: 'case-not-looked-at', status })
      }
      return toCase(ledger.change(tx, row, lookAct(by, row, look)))
    },

    async alertUnverified(tx: Transaction, by: string): Promise<number> {
      const at = isoTime(clock.now())
      let alerted = 0
      const due = await ledger.cases.by.tell.due(tx, at, { limit: ALERTED_AT_ONCE })
      for (const { id } of due) {
        const row = await unlessDamaged(ledger.need(tx, id))
        const unverified = row?.clear.unverified ?? null
        if (row === undefined || unverified === null) continue
        const next = told(unverified, at, settings)
        const { cause, since, alerts: times } = next
        ledger.change(tx, row, {
          by,
          action: 'case.unverified',
          detail: { cause, times },
          clear: { unverified: next },
        })
        const { status } = row.clear
        putAlert(tx, { kind: 'unverified', caseId: id, status, at, look: { cause, since, times } })
        alerted += 1
      }
      return alerted
    },

    async answerLook(
      tx: Transaction,
      by: string,
      caseId: string,
      given: LookAnswer,
      reason: string,
    ): Promise<Case> {
      const row = await ledger.need(tx, caseId)
      const { status } = row.clear
      checkReason(reason)
      if (!isAtWork(status) && !isResting(status)) {
        throw new HindraError('CASE_STATE', { says: 'case-not-asked-after', status })
      }
      const said = given.answer === 'look-again' ? { ...given, at: checkedTime(given.at) } : given
      const last = row.sealed.lastLook
      if (given.answer === 'gone' && last?.outcome === 'present' && !isPersons(last)) {
        throw new HindraError('CASE_STATE', { says: 'case-seen-there', look: last.reason })
      }
      return toCase(ledger.change(tx, row, answerAct(by, row, said, reason)))
    },
  }

  /** Alerts to a case as it is now, or to what is no case. */
  async function alert(
    tx: Transaction,
    { kind, caseId, ...said }: Omit<Parameters<typeof putAlert>[1], 'status' | 'at'>,
  ): Promise<void> {
    const status = caseId === null ? null : (await ledger.need(tx, caseId)).clear.status
    putAlert(tx, { kind, caseId, status, at: isoTime(clock.now()), ...said })
  }

  function answerAct(by: string, { clear }: CaseRow, given: LookAnswer, reason: string): Act {
    const at = isoTime(clock.now())
    const change = schedule.afterAnswer(clear, given, at)
    const { status = clear.status } = change
    const act = {
      by,
      action: 'case.look-answered',
      detail: { answer: given.answer },
      clear: change,
    }
    if (given.answer === 'look-again') {
      return { ...act, reason: { says: 'person-looks-again', at: given.at, words: reason } }
    }
    const isThere = given.answer === 'still-there'
    const lastLook: CaseLook = {
      outcome: isThere ? 'present' : 'gone',
      cause: 'person',
      at,
      reason,
      seenFrom: [],
    }
    const reopens = status === 'open' && isResting(clear.status)
    const removes = status === 'removed' && !isResting(clear.status)
    return {
      ...act,
      reason: { says: isThere ? 'person-saw-it' : 'person-saw-it-gone', words: reason },
      alerts: reopens ? ['reopened'] : removes ? ['removed'] : [],
      sealed: { lastLook, ...(reopens ? { closedReason: null } : {}) },
    }
  }

  function checkedTime(at: string): string {
    const ms = Date.parse(at)
    const longest = clock.now() + LOOK_AGAIN_DAYS_MAX * 24 * HOUR_MS
    if (ms > clock.now() && ms <= longest) return isoTime(ms)
    throw new HindraError(
      'INVALID_INPUT',
      `a time of the next ${LOOK_AGAIN_DAYS_MAX} days, as UTC ISO 8601`,
      { field: 'at' },
    )
  }

  function lookAct(by: string, { clear }: CaseRow, look: CaseLook): Act {
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
    const seen = { cause: look.cause, look: look.reason }
    if (status === 'open') {
      return {
        ...act,
        reason: { says: 'look-found-again', ...seen },
        alerts: ['reopened'],
        sealed: { lastLook: look, closedReason: null },
      }
    }
    const reason = { says: 'look-found', ...seen } as const
    return { ...act, reason, alerts: status === 'removed' ? ['removed'] : [] }
  }
}

/** Whether a person's word alone is behind a look: a later word of a person may take it back. */
function isPersons({ cause }: CaseLook): boolean {
  return cause === 'person' || cause === 'as-answered'
}
