import type { ErrorMeaning } from './entry.ts'

/** What goes wrong with lists and with the exchanges that they come from. */
export const EXCHANGE_ERRORS = {
  LIST_NOT_WHOLE: {
    status: 409,
    exit: 5,
    meaning: 'A line of a complete list was refused: what else it lacks cannot be told.',
    remedy:
      'Mend the lines that the report names, or import without --complete: nothing is withdrawn.',
  },
  WITHDRAWAL_UNCONFIRMED: {
    status: 409,
    exit: 5,
    meaning: 'A complete list leaves out more of its entries than may go unasked, or other ones.',
    remedy: 'See whether the file is whole; then the same command with --withdraw and the number.',
  },
  SOURCE_FAILED: {
    status: 502,
    exit: 6,
    meaning: 'An exchange did not answer as it should; it is asked again, later and later.',
    remedy: 'The message says what it answered; `hindra sources show LIST` says when it is next.',
  },
  SOURCE_REFUSED: {
    status: 502,
    exit: 3,
    meaning: 'An exchange does not accept the credentials of its source.',
    remedy: 'Ask the exchange; then `hindra sources credentials LIST --file FILE`.',
  },
  SOURCE_MALFORMED: {
    status: 502,
    exit: 1,
    meaning: 'What an exchange sent is not of its format, or not whole: nothing of it was taken.',
    remedy: 'It is asked again; if it stays so, ask the exchange whether its format has changed.',
  },
  FEEDBACK_REFUSED: {
    status: 502,
    exit: 3,
    meaning: 'An opinion about an entry cannot be sent to its exchange as it is.',
    remedy:
      'Give it again as the message says; `hindra sources votes LIST` shows what became of it.',
  },
} as const satisfies Record<string, ErrorMeaning>
