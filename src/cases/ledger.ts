import type { Audit, AuditEntry } from '../audit/index.ts'
import { isoTime } from '../core/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import { putAlert } from './alerts.ts'
import { type CaseTable, caseTable, subjectPlace } from './case-table.ts'
import { type CaseClear, type CaseRow, type CaseSealed, judgesOf } from './record.ts'
import type { Schedule } from './schedule.ts'
import { checkTransition } from './states.ts'
import type { AlertKind } from './alert-types.ts'
import type { Subject } from './case.ts'
import { type CaseReason, toldWhy } from './whys.ts'

/** One act upon a case. */
export interface Act {
  /** Principal id, or `hindra`. */
  readonly by: string
  /** Audit action: `case.open`, `case.decide` ... */
  readonly action: string
  /** Goes into the history, as does every change of status. */
  readonly reason?: string | CaseReason
  readonly detail?: AuditEntry['detail']
  readonly alerts?: readonly AlertKind[]
  /** Whether whoever acts says so that the case stands, or that it does not. */
  readonly isJudgement?: true
  readonly clear?: Partial<CaseClear>
  readonly sealed?: Partial<CaseSealed>
}

/**
 * The one door through which cases change: it keeps the state machine, the schedule, the indexes,
 * the history, the audit and the alert feed in step.
 */
export interface Ledger {
  /** What finds the cases. */
  readonly cases: Omit<CaseTable, 'add' | 'change' | 'remove'>
  get(tx: Transaction, caseId: string): Promise<CaseRow | undefined>
  /** Throws NOT_FOUND. */
  need(tx: Transaction, caseId: string): Promise<CaseRow>
  /** The case of a subject at a canonical URL. */
  at(tx: Transaction, subject: Subject, url: string): Promise<CaseRow | undefined>
  open(
    tx: Transaction,
    first: { clear: CaseClear; sealed: CaseSealed },
    act: Omit<Act, 'clear' | 'sealed'>,
  ): CaseRow
  /** Throws CASE_STATE where the state machine has no such transition. */
  change(tx: Transaction, row: CaseRow, act: Act): CaseRow
}

export function createLedger(context: Context, audit: Audit, schedule: Schedule): Ledger {
  const { clock, newId, sealer } = context
  const cases = caseTable(sealer)

  function write(
    tx: Transaction,
    id: string,
    before: CaseRow | undefined,
    after: { clear: CaseClear; sealed: CaseSealed },
    { by, action, reason, detail = {}, alerts = [], isJudgement }: Act,
  ): CaseRow {
    const nowMs = clock.now()
    const at = isoTime(nowMs)
    const judged = isJudgement
      ? { judgedBy: [...new Set([...judgesOf({ id, ...after }), by])] }
      : {}
    const next = { clear: { ...after.clear, ...judged }, sealed: after.sealed }
    const clear = schedule.scheduled(before, next, nowMs)
    const from = before?.clear.status ?? null
    const to = clear.status
    const happened = from !== to || reason !== undefined
    const history = happened
      ? [...after.sealed.history, { at, by, from, to, ...toldWhy(reason) }]
      : after.sealed.history
    const row = {
      id,
      clear,
      sealed: { ...after.sealed, ...leftBehind(before?.clear, after), history },
    }
    if (before === undefined) cases.add(tx, row)
    else cases.change(tx, before, row)
    audit.append(tx, { by, action, subject: id, detail: { status: to, ...detail } })
    for (const kind of alerts) putAlert(tx, { kind, caseId: id, status: to, at })
    return row
  }

  /** The host of the round that is over, when a new one begins. */
  function leftBehind(
    before: CaseClear | undefined,
    { clear, sealed }: { clear: CaseClear; sealed: CaseSealed },
  ): Pick<CaseSealed, 'formerHosts'> {
    const { formerHosts, host } = sealed
    if (before === undefined || clear.rounds.length === before.rounds.length) return { formerHosts }
    return { formerHosts: [...formerHosts, host?.name ?? null] }
  }

  return {
    cases,
    get: (tx, caseId) => cases.get(tx, caseId),
    need: (tx, caseId) => cases.need(tx, caseId),
    at: (tx, subject, url) => cases.by.subjectAtUrl.find(tx, subjectPlace(sealer, subject, url)),
    open: (tx, first, act) => write(tx, newId(), undefined, first, act),
    change(tx, row, act) {
      const clear = { ...row.clear, ...act.clear }
      checkTransition(row.clear.status, clear.status)
      return write(tx, row.id, row, { clear, sealed: { ...row.sealed, ...act.sealed } }, act)
    },
  }
}
