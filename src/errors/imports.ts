import type { ErrorEntry } from '../errors.ts'

/** Of complete lists, which withdraw what they do not name. */
export const IMPORT_ERRORS = {
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
} as const satisfies Record<string, ErrorEntry>
