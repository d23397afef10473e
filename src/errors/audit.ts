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
  OLDER_THAN_WITNESS: {
    status: 500,
    exit: 1,
    meaning:
      'The store is older than a checkpoint of its audit that was kept elsewhere, or not the one of which it was taken: an old copy of the whole data directory was put back.',
    remedy:
      'Find out who put it back, and copy the data directory away as it is. Where the newer one is there, use it. Where a backup is to be gone on with though more was done since, two persons answer for that: `hindra restore FILE --data OTHER_DIRECTORY --after-witness`. Where the file of checkpoints is that of another Hindra, mend `audit.checkpointFile` or `audit.witnesses`.',
  },
} as const satisfies Record<string, ErrorMeaning>
