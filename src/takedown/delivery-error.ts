import { HindraError } from '../errors.ts'
import type { NoticeFault } from './notice-faults.ts'

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
  readonly kept: NoticeFault | undefined

  constructor(
    fault: DeliveryFault,
    message: string,
    options: {
      code?: 'MAIL_FAILED' | 'POST_FAILED'
      response?: string
      /** How long it wants no other try. */
      retryAfterSeconds?: number
      /** What the letter keeps of it, where that is no word of the other side. */
      kept?: NoticeFault
      cause?: unknown
    } = {},
  ) {
    const { code = 'MAIL_FAILED', response, kept, ...place } = options
    super(code, message, place)
    this.fault = fault
    this.kept = kept
    this.response = response === undefined ? null : withoutLinks(response)
  }
}

function withoutLinks(response: string): string {
  return response.replace(/https?:\/\/\S+/gi, '[link]').slice(0, 500)
}

/** What a letter keeps of why it did not arrive. */
export function deliveryFault({ fault, kept, response, message }: DeliveryError): NoticeFault {
  return kept ?? { says: SAYS[fault], words: response ?? message }
}

const SAYS = {
  unavailable: 'way-out-away',
  deferred: 'letter-deferred',
  refused: 'letter-refused',
  unanswered: 'letter-unanswered',
} as const satisfies Record<DeliveryFault, NoticeFault['says']>
