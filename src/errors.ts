import { DISK_ERRORS, diskCodeOf } from './errors/disk.ts'
import { ACCESS_ERRORS } from './errors/access.ts'
import { ASSIGNMENT_ERRORS } from './errors/assignments.ts'
import { AUDIT_ERRORS } from './errors/audit.ts'
import { CASE_ERRORS } from './errors/cases.ts'
import { DECODE_ERRORS } from './errors/decode.ts'
import type { ErrorMeaning } from './errors/entry.ts'
import { EXCHANGE_ERRORS } from './errors/exchange.ts'
import { GENERAL_ERRORS } from './errors/general.ts'
import { HTTP_ERRORS } from './errors/http.ts'
import { INTAKE_ERRORS } from './errors/intake.ts'
import { KEEPING_ERRORS } from './errors/keeping.ts'
import { KNOWN_ERRORS } from './errors/known.ts'
import { LOOK_ERRORS } from './errors/looks.ts'
import { MODEL_ERRORS } from './errors/model.ts'
import { NATS_ERRORS } from './errors/nats.ts'
import { type RefusalSentence, refusalText } from './errors/refusals.ts'
import { REGISTER_ERRORS } from './errors/register.ts'
import { STORE_ERRORS } from './errors/store.ts'
import { TIPLINE_ERRORS } from './errors/tipline.ts'
import { TAKEDOWN_ERRORS } from './errors/takedown.ts'

/** Exit codes: 0 ok, 1 failed, 2 usage, 3 refused, 4 not found, 5 conflict, 6 unavailable, 7 bad media. */
export const ERRORS = {
  ...GENERAL_ERRORS,
  ...ACCESS_ERRORS,
  ...HTTP_ERRORS,
  ...STORE_ERRORS,
  ...AUDIT_ERRORS,
  ...ASSIGNMENT_ERRORS,
  ...INTAKE_ERRORS,
  ...DECODE_ERRORS,
  ...MODEL_ERRORS,
  ...KNOWN_ERRORS,
  ...REGISTER_ERRORS,
  ...EXCHANGE_ERRORS,
  ...TIPLINE_ERRORS,
  ...CASE_ERRORS,
  ...TAKEDOWN_ERRORS,
  ...LOOK_ERRORS,
  ...KEEPING_ERRORS,
  ...DISK_ERRORS,
  ...NATS_ERRORS,
} as const satisfies Record<string, ErrorMeaning>

export type { ErrorMeaning } from './errors/entry.ts'
export { type DiskCode, diskCodeOf } from './errors/disk.ts'
export { type RefusalSentence, refusalText, type REFUSALS } from './errors/refusals.ts'
export { type Sentence, type Sentences, worded } from './errors/sentence.ts'

export type ErrorCode = keyof typeof ERRORS

/** Whether this version has an entry for what another process, perhaps of a newer version, named. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code)
}

/** Where bad input was found, so that a person can go there. */
export interface ErrorPlace {
  readonly field?: string
  /** 1-based line in a feed or list. */
  readonly line?: number
}

/** The one error type that crosses a folder's border. Messages never hold a secret, a hash or a full URL. */
export class HindraError extends Error {
  readonly code: ErrorCode
  readonly field: string | undefined
  readonly line: number | undefined
  readonly retryAfterSeconds: number | undefined
  /** The message in no language, so that a page can say it in its reader's; undefined where that is its code alone. */
  readonly said: RefusalSentence | undefined

  /** @param said What the message says, where its words are made elsewhere */
  constructor(
    code: ErrorCode,
    message: string | RefusalSentence,
    place: ErrorPlace & {
      cause?: unknown
      retryAfterSeconds?: number
      said?: RefusalSentence
    } = {},
  ) {
    const text = typeof message === 'string' ? message : refusalText(message)
    super(text, place.cause === undefined ? undefined : { cause: place.cause })
    this.said = typeof message === 'string' ? place.said : message
    this.retryAfterSeconds = place.retryAfterSeconds
    this.name = 'HindraError'
    this.code = code
    this.field = place.field
    this.line = place.line
  }

  get status(): number {
    return ERRORS[this.code].status
  }

  get exit(): number {
    return ERRORS[this.code].exit
  }

  get remedy(): string {
    return ERRORS[this.code].remedy
  }
}

/**
 * Wraps what is not ours, so that every edge reports one shape: what the system refused of files by its
 * code, all else as INTERNAL.
 */
export function toHindraError(error: unknown): HindraError {
  if (error instanceof HindraError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new HindraError(diskCodeOf(error) ?? 'INTERNAL', message, { cause: error })
}

/** These errors would break any other work on the store as well: it is away, another's or closed, or the disk takes nothing. */
const OF_ALL: ReadonlySet<string> = new Set<string>([
  ...(['STORE_UNAVAILABLE', 'STORE_FAILED', 'STORE_CLOSED'] satisfies ErrorCode[]),
  ...(['STORE_LOCKED', 'LEASE_ELSEWHERE'] satisfies ErrorCode[]),
  ...Object.keys(DISK_ERRORS),
])

/** Whether an error is one of them; what broke over one record is not, for others may fare better. */
export function isOfAll(error: unknown): boolean {
  return OF_ALL.has(toHindraError(error).code)
}

/** Undefined for what was refused, to be handed to `catch`; a fault of the program is thrown on. */
export function unlessBroken(error: unknown): undefined {
  if (!(error instanceof HindraError)) throw error
}
