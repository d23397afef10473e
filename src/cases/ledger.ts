import type { Audit, AuditEntry } from '../audit/index.ts'
import { isoTime } from '../core/index.ts'
import type { Context, Key, Transaction } from '../store/index.ts'
import { putAlert } from './alerts.ts'
import { idsBelow, placeKey, reindex } from './indexes.ts'
import { type CaseClear, type CaseRow, type CaseSealed, caseCollection } from './record.ts'
import type { Schedule } from './schedule.ts'
import { checkTransition } from './states.ts'
import type { AlertKind } from './alert-types.ts'

/** One act upon a case. */
export interface Act {
  /** Principal id, or `hindra`. */
  readonly by: string
  /** Audit action: `case.open`, `case.decide` ... */
  readonly action: string
  /** Goes into the history, as does every change of status. */
  readonly reason?: string
  readonly detail?: AuditEntry['detail']
  readonly alerts?: readonly AlertKind[]
  readonly clear?: Partial<CaseClear>
  readonly sealed?: Partial<CaseSealed>
}

/**
 * The one door through which cases change: it keeps the state machine, the schedule, the indexes,
 * the history, the audit and the alert feed in step.
 */
export interface Ledger {
  get(tx: Transaction, caseId: string): Promise<CaseRow | undefined>
  /** Throws NOT_FOUND. */
  need(tx: Transaction, caseId: string): Promise<CaseRow>
  at(tx: Transaction, urlKey: Key): Promise<CaseRow | undefined>
  /** All cases at a canonical URL, in order of opening. */
  allAt(tx: Transaction, url: string): AsyncIterable<CaseRow>
  open(
    tx: Transaction,
    urlKey: Key,
    first: { clear: CaseClear; sealed: CaseSealed },
    act: Omit<Act, 'clear' | 'sealed'>,
  ): CaseRow
  /** Throws CASE_STATE where the state machine has no such transition. */
  change(tx: Transaction, row: CaseRow, act: Act): CaseRow
}

export function createLedger(context: Context, audit: Audit, schedule: Schedule): Ledger {
  const { clock, newId, sealer } = context
  const collection = caseCollection(sealer)

  function write(
    tx: Transaction,
    id: string,
    before: CaseClear | undefined,
    after: { clear: CaseClear; sealed: CaseSealed },
    { by, action, reason, detail = {}, alerts = [] }: Act,
  ): CaseRow {
    const nowMs = clock.now()
    const at = isoTime(nowMs)
    const clear = schedule.scheduled(after.clear, nowMs)
    const from = before?.status ?? null
    const to = clear.status
    const happened = from !== to || reason !== undefined
    const history = happened
      ? [...after.sealed.history, { at, by, from, to, reason: reason ?? null }]
      : after.sealed.history
    const row = { id, clear, sealed: { ...after.sealed, ...leftBehind(before, after), history } }
    collection.put(tx, id, row.clear, row.sealed)
    reindex(tx, id, before, clear)
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

  async function at(tx: Transaction, urlKey: Key): Promise<CaseRow | undefined> {
    const id = await tx.get(urlKey)
    return id === undefined ? undefined : collection.need(tx, Buffer.from(id).toString('utf8'))
  }

  return {
    get: (tx, caseId) => collection.get(tx, caseId),
    need: (tx, caseId) => collection.need(tx, caseId),
    at,
    async *allAt(tx, url) {
      for await (const id of idsBelow(tx, placeKey(sealer, url))) yield collection.need(tx, id)
    },
    open(tx, urlKey, first, act) {
      const id = newId()
      tx.put(urlKey, Buffer.from(id))
      tx.put([...placeKey(sealer, first.sealed.url), id], new Uint8Array())
      return write(tx, id, undefined, first, act)
    },
    change(tx, row, act) {
      const clear = { ...row.clear, ...act.clear }
      checkTransition(row.clear.status, clear.status)
      return write(tx, row.id, row.clear, { clear, sealed: { ...row.sealed, ...act.sealed } }, act)
    },
  }
}
