import type { ErrorCode } from '../../errors.ts'
import type { RecordFault } from './crawl/record-fault.ts'

/** Why a line cannot even be sent. */
export interface LineFault {
  readonly code: ErrorCode
  readonly detail: string
  readonly field?: string
  /** Of a record of a crawl, or a file in a tar. */
  readonly reason?: RecordFault
}
