import type { ErrorCode } from '../../../errors.ts'
import { running } from './running.ts'
import type { ErrorWords } from './said.ts'
import { work } from './work.ts'

/** What each error is, and what its reader does, in Swedish. Its English is what commands print. */
export const ERRORS_SV: Readonly<Record<ErrorCode, ErrorWords>> = { ...work, ...running }
