import type { ErrorMeaning } from './entry.ts'

/** What somebody else has taken. */
export const ASSIGNMENT_ERRORS = {
  ASSIGNED: {
    status: 409,
    exit: 5,
    meaning: 'A colleague works on it at this moment.',
    remedy:
      'Take another, or come back at the time that the message names; they can put it back or hand it over, and an officer can do so at once (`hindra tips hand-over`, `hindra cases hand-over`).',
  },
} as const satisfies Record<string, ErrorMeaning>
