import type { ErrorMeaning } from './entry.ts'

/** What the audit refuses to vouch for. */
export const AUDIT_ERRORS = {
  AUDIT_BROKEN: {
    status: 500,
    exit: 1,
    meaning: 'The head of the audit chain was changed or taken away: no entry is linked any more.',
    remedy:
      'Change nothing and copy the data directory away as it is; `hindra audit verify` with your checkpoints says what differs. Entries go on being written, unlinked.',
  },
} as const satisfies Record<string, ErrorMeaning>
