import type { ErrorCode, ErrorMeaning } from '../../../errors.ts'

/** What a refusal is, and what its reader does next. */
export type ErrorWords = Pick<ErrorMeaning, 'meaning' | 'remedy'>

/** Errors of one topic; all topics together have each of them, which `index.ts` says. */
export type SaidErrors = Partial<Record<ErrorCode, ErrorWords>>
