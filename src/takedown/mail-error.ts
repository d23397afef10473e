import { HindraError } from '../errors.ts'

/**
 * What became of a mail that was not taken:
 * - `unavailable`: the relay serves us nothing now (connection, TLS, login, sender); no mail went.
 * - `deferred`: the relay answered 4yz (RFC 5321, 4.2.1): this mail may be taken later.
 * - `refused`: the relay answered 5yz: this mail will not be taken.
 * - `unanswered`: the whole message was handed over and no answer came: it may have been taken.
 */
export type MailFault = 'unavailable' | 'deferred' | 'refused' | 'unanswered'

/** MAIL_FAILED with what the outbox needs to know to do the right thing next. */
export class MailError extends HindraError {
  readonly fault: MailFault
  /** The relay's words without its links; they may name the recipient, so they are kept sealed. */
  readonly response: string | null

  constructor(
    fault: MailFault,
    message: string,
    options: { response?: string; cause?: unknown } = {},
  ) {
    super('MAIL_FAILED', message, { cause: options.cause })
    this.fault = fault
    this.response = options.response === undefined ? null : withoutLinks(options.response)
  }
}

function withoutLinks(response: string): string {
  return response.replace(/https?:\/\/\S+/gi, '[link]').slice(0, 500)
}
