import type { ErrorMeaning } from './entry.ts'

/** What the store, and the key that it is sealed with, refuse. */
export const STORE_ERRORS = {
  NOT_INITIALISED: {
    status: 503,
    exit: 6,
    meaning: 'The data directory holds no Hindra yet.',
    remedy: 'Run `hindra init`.',
  },
  ALREADY_INITIALISED: {
    status: 409,
    exit: 5,
    meaning: 'The data directory holds a Hindra already.',
    remedy: 'Use it, or name another directory with --data.',
  },
  KEY_WRONG: {
    status: 500,
    exit: 1,
    meaning: 'The data key does not open the records of this store.',
    remedy:
      'Give the key that the store has now: of `hindra init`, or of the last `hindra data-key rotate`; a backup takes the key of its own time, or its escrow key. Without it nothing can be read.',
  },
  KEY_MISSING: {
    status: 500,
    exit: 1,
    meaning: 'No data key was found.',
    remedy:
      'Put the key back where the message looked, or say where it is: HINDRA_DATA_KEY_FILE, HINDRA_DATA_KEY_COMMAND or HINDRA_DATA_KEY_VALUE (`hindra restore`: --key-file). No other key opens what there is: make none anew.',
  },
  STORE_LOCKED: {
    status: 503,
    exit: 6,
    meaning: 'Another process owns the store.',
    remedy:
      'Talk to the running server (the message names its process), or stop it. Several servers at once need PostgreSQL, and no command that wants the store alone (`migrate`, `migrate-store`, `doctor --store --accept-loss`).',
  },
  LEASE_ELSEWHERE: {
    status: 409,
    exit: 5,
    meaning:
      'Another server of this house does the work that one at a time may do: it sends, looks again and fetches by itself.',
    remedy:
      'Wait: what is due is done within `server.tickSeconds`. To have it done at once, ask the server that the message names.',
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
      '`hindra doctor --store` names all that is damaged. Copy the data directory away as it is. Then make a store of the last backup beside it (`hindra restore FILE --data OTHER_DIRECTORY`), and look there for what the message names.',
  },
  COMMITS_LOST: {
    status: 500,
    exit: 1,
    meaning:
      'The disk has lost commits that were answered as done; the message says which. The store is not opened, so that nobody takes it for whole.',
    remedy:
      'Copy the data directory away as it is, and see what is wrong with the disk (dmesg, smartctl -H). Then make a store of the last backup beside it (`hindra restore FILE --data OTHER_DIRECTORY`); or go on without what the message names: `hindra doctor --store --accept-loss`, which the audit records.',
  },
  STORE_REPLAYED: {
    status: 500,
    exit: 1,
    meaning:
      'The files of the store are not as Hindra wrote them last: records, or what proves which copy of them is the newest, were put back or taken away by somebody who has the disk.',
    remedy:
      '`hindra doctor --store` says whether the disk has damaged files; else take it for an attack until it is explained (a copy of single files, a disk image put back). Copy the data directory away as it is. Then make a store of the last backup beside it (`hindra restore FILE --data OTHER_DIRECTORY`); or take the records as they are for the newest: `hindra doctor --store --accept-loss`, which the audit records.',
  },
  STORE_FAILED: {
    status: 503,
    exit: 6,
    meaning:
      'The disk failed at a read or write: nothing more is written until a restart; what was answered as done is kept.',
    remedy:
      'See what is wrong with the disk (dmesg, smartctl -H), then restart: systemctl restart hindra. There is nothing to restore unless that says STORE_CORRUPT.',
  },
  STORE_UNAVAILABLE: {
    status: 503,
    exit: 6,
    meaning:
      'PostgreSQL, which holds the store (`store.url`), cannot be reached or refuses; the message has its words. What was answered as done is kept; what was under way may be there or not.',
    remedy:
      'See that PostgreSQL runs, has room and lets Hindra in (`hindra doctor`). Hindra waits some seconds for it and goes on by itself; repeat the command then.',
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
  FEED_TRUNCATED: {
    status: 410,
    exit: 5,
    meaning: 'The cursor is older than what the feed keeps.',
    remedy: 'Read everything anew, then go on from the newest cursor.',
  },
  TX_TOO_LARGE: {
    status: 413,
    exit: 1,
    meaning: 'One transaction holds more than the store accepts.',
    remedy: 'Split the work.',
  },
  TX_CONFLICT: {
    status: 503,
    exit: 6,
    meaning: 'A transaction lost against others too many times.',
    remedy: 'Repeat the request.',
  },
} as const satisfies Record<string, ErrorMeaning>
