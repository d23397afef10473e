import type { ClearRow } from '../store/index.ts'
import type { TipSource, TipStatus } from './tip-fields.ts'
import type { TipClear } from './tip-records.ts'

/** Which tips are meant. */
export interface TipFilter {
  readonly status?: TipStatus
  readonly source?: TipSource
  /** The list that brought it. */
  readonly importId?: string
  /** A tip: those at whose URLs Hindra saw the same file as at that of this one, itself among them. */
  readonly alike?: string
  /** The queue: new tips alone, in the order in which they are to be looked at. */
  readonly queue?: boolean
  readonly after?: string
  readonly limit?: number
}

export function isOf({
  status,
  source,
  importId,
}: TipFilter): (row: ClearRow<TipClear>) => boolean {
  return ({ clear }) =>
    (status === undefined || clear.status === status) &&
    (source === undefined || clear.source === source) &&
    (importId === undefined || clear.importId === importId)
}
