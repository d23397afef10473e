import { HindraError } from '../errors.ts'
import { keySpace, type Transaction } from '../store/index.ts'

/** Sequence numbers of the alerts that are kept; `newest` is `oldest - 1` where there is none. */
export interface AlertSpan {
  readonly oldest: number
  readonly newest: number
}

export const NOTHING_KEPT: AlertSpan = { oldest: 1, newest: 0 }

const SPAN = keySpace('alert-span')()
const CURSOR = /^(0|[1-9]\d{0,14})$/

export async function readSpan(tx: Transaction): Promise<AlertSpan | undefined> {
  const stored = await tx.get(SPAN)
  if (stored === undefined) return undefined
  return JSON.parse(Buffer.from(stored).toString('utf8')) as AlertSpan
}

export function writeSpan(tx: Transaction, span: AlertSpan): void {
  tx.put(SPAN, Buffer.from(JSON.stringify(span)))
}

/** A cursor is the number of the last alert that was seen, 0 before the first. Throws INVALID_INPUT. */
export function sequenceOf(cursor: string, field: string): number {
  if (CURSOR.test(cursor)) return Number(cursor)
  throw new HindraError('INVALID_INPUT', 'this is no cursor of the alert feed', { field })
}
