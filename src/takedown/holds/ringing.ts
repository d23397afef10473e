import type { Audit } from '../../audit/index.ts'
import type { Cases } from '../../cases/index.ts'
import { isoTime } from '../../core/index.ts'
import type { Context, Transaction } from '../../store/index.ts'
import type { Duty } from '../duty/duty.ts'
import type { Outbox } from '../outbox.ts'
import type { HoldRecords } from './hold-records.ts'

const PAGE = 100

/**
 * A hold that nobody has answered is said to a person before it ends: once for each end that it was given,
 * in the transaction that writes down that it was said.
 */
export function createRinging(
  { store, clock }: Pick<Context, 'store' | 'clock'>,
  audit: Audit,
  parts: {
    readonly outbox: Outbox
    readonly cases: Pick<Cases, 'alertHold'>
    readonly records: HoldRecords
    /** Absent: the alert alone tells of it. */
    readonly duty: Pick<Duty, 'call'> | undefined
  },
) {
  const { outbox, cases, records, duty } = parts

  /** Resolves to how many were rung for. */
  return (by: string): Promise<number> =>
    records.rings.workOff(store, isoTime(clock.now()), PAGE, (tx, caseId) => ring(tx, by, caseId))

  async function ring(tx: Transaction, by: string, caseId: string): Promise<boolean> {
    const row = await records.get(tx, caseId)
    if (row === undefined) return false
    records.put(tx, row, { ...row, clear: { ...row.clear, ringAt: null } })
    const waiting = await outbox.list(tx, { caseId, state: 'held', limit: Infinity })
    const isHeld = waiting.some(({ clear }) => clear.heldFor === 'police')
    if (!records.stands(row) || !isHeld) return false
    const { until } = row.clear
    await cases.alertHold(tx, caseId, 'hold-ends', { until, why: 'ends' })
    duty?.call(tx, by, 'hold-ends', { kind: 'case', id: caseId })
    audit.append(tx, { by, action: 'hold.ring', subject: caseId, detail: { until } })
    return true
  }
}
