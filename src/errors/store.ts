import type { ErrorEntry } from '../errors.ts'

/** Of the store, and of the audit chain in it. */
export const STORE_ERRORS = {
  STORE_LOCKED: {
    status: 503,
    exit: 6,
    meaning: 'Another process owns the data directory.',
    remedy: 'Talk to the running server (the message names its pid), or stop it.',
  },
  STORE_CLOSED: {
    status: 503,
    exit: 6,
    meaning: 'The store was closed while work was under way.',
    remedy: 'Repeat the command.',
  },
  STORE_CORRUPT: {
    status: 500,
    exit: 1,
    meaning: 'What is stored, or a record of it, was changed or damaged and cannot be read.',
    remedy:
      'Stop the server and copy the data directory away as it is. Then make a store of the last backup beside it (`hindra restore FILE --data OTHER_DIRECTORY`), and report it with what the message names.',
  },
  STORE_FAILED: {
    status: 503,
    exit: 6,
    meaning:
      'The disk failed at a read or write: nothing more is written until a restart; what was answered as done is kept.',
    remedy:
      'See what is wrong with the disk (dmesg, smartctl -H), then restart: systemctl restart hindra. There is nothing to restore unless that says STORE_CORRUPT.',
  },
  STORE_FORMAT: {
    status: 500,
    exit: 1,
    meaning: 'Another version of Hindra wrote the data directory; nothing in it was changed.',
    remedy:
      'Install the version that wrote it, or a newer one; or bring back a backup that this version made: `hindra restore FILE --data DIR`.',
  },
  STORE_MIGRATE: {
    status: 500,
    exit: 1,
    meaning: 'An older version of Hindra wrote the data directory; nothing in it was changed.',
    remedy:
      'Run `hindra migrate`: it makes a backup, brings the records to the present format, and goes on where it was broken off. `hindra migrate --dry-run` says what it does.',
  },
  AUDIT_BROKEN: {
    status: 500,
    exit: 1,
    meaning: 'The head of the audit chain was changed or taken away: no entry is linked any more.',
    remedy:
      'Change nothing and copy the data directory away as it is; `hindra audit verify` with your checkpoints says what differs. Entries go on being written, unlinked.',
  },
} as const satisfies Record<string, ErrorEntry>
