import { HindraError } from '../errors.ts'

/**
 * What became of a letter that was not taken:
 * - `unavailable`: our own way out serves nobody now (relay, login, account); nothing went.
 * - `deferred`: this letter may be taken later (RFC 5321: 4yz; RFC 9110: 429, 503), or nobody was there.
 * - `refused`: this letter will not be taken (5yz; 4xx).
 * - `unanswered`: all of it was handed over and no answer came: it may have been taken.
 */
export type DeliveryFault = 'unavailable' | 'deferred' | 'refused' | 'unanswered'

/** MAIL_FAILED or POST_FAILED with what the outbox needs to know to do the right thing next. */
export class DeliveryError extends HindraError {
  readonly fault: DeliveryFault
  /** The other side's words without links; they may name the recipient, so they are kept sealed. */
  readonly response: string | null

  constructor(
    fault: DeliveryFault,
    message: string,
    options: {
      code?: 'MAIL_FAILED' | 'POST_FAILED'
      response?: string
      /** How long it wants no other try. */
      retryAfterSeconds?: number
      cause?: unknown
    } = {},
  ) {
    const { code = 'MAIL_FAILED', response, ...place } = options
    super(code, message, place)
    this.fault = fault
    this.response = response === undefined ? null : withoutLinks(response)
  }
}

function withoutLinks(response: string): string {
  return response.replace(/https?:\/\/\S+/gi, '[link]').slice(0, 500)
}
