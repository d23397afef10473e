import type { ErrorMeaning } from './entry.ts'

/** What the public is refused where it tips without an account. */
export const TIPLINE_ERRORS = {
  RECEIPT_UNKNOWN: {
    status: 404,
    exit: 4,
    meaning: 'No tip has this receipt, or what it opened is no longer kept.',
    remedy:
      'Compare all 16 digits with what was written down; a lost receipt cannot be found again.',
  },
  WORK_REFUSED: {
    status: 403,
    exit: 3,
    meaning: 'The proof of work is missing, wrong, too old, used already, or came too early.',
    remedy: 'Ask for a new challenge and solve it, or wait as long as it says before sending.',
  },
  TIPLINE_BUSY: {
    status: 429,
    exit: 6,
    meaning: 'More came from the public in this hour than the house takes.',
    remedy: 'Send again after the time in Retry-After; an operator sets tipline.*.',
  },
} as const satisfies Record<string, ErrorMeaning>
