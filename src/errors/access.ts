import type { ErrorMeaning } from './entry.ts'

/** Who somebody is, and what they may. */
export const ACCESS_ERRORS = {
  UNAUTHENTICATED: {
    status: 401,
    exit: 3,
    meaning: 'No key, an unknown key, or one that was revoked.',
    remedy: 'Set HINDRA_KEY to your personal key; `hindra keys create` makes one.',
  },
  FORBIDDEN: {
    status: 403,
    exit: 3,
    meaning: 'None of your roles allows this.',
    remedy: 'Ask an admin for the role that the message names.',
  },
} as const satisfies Record<string, ErrorMeaning>
