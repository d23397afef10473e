import type { ErrorMeaning } from './entry.ts'

/** What keeps sightings from being read from NATS JetStream. */
export const NATS_ERRORS = {
  NATS_CLIENT_MISSING: {
    status: 500,
    exit: 6,
    meaning: 'A source nats:// was named, and the client of NATS is not installed.',
    remedy: 'npm install @nats-io/transport-node@3 @nats-io/jetstream@3',
  },
  NATS_UNAVAILABLE: {
    status: 503,
    exit: 6,
    meaning:
      'NATS, or JetStream in it, cannot be reached or has no room; the message has its words. What is not acknowledged waits there.',
    remedy:
      'See that nats-server runs, with JetStream and room for it. It is tried again by itself.',
  },
  NATS_REFUSED: {
    status: 500,
    exit: 3,
    meaning:
      'NATS does not take the credentials, does not allow what is needed, or has no certificate that can be trusted.',
    remedy: 'Correct --creds, --ca or NATS_USER, or what NATS permits: docs/nats.md lists it.',
  },
  NATS_MISSING: {
    status: 500,
    exit: 4,
    meaning: 'NATS has no such stream or consumer, or no stream for the answers.',
    remedy:
      'Correct the name, or make what is missing with --create. A consumer that is made anew begins at the first message that its stream still has; what was judged before is then judged again.',
  },
  NATS_UNSAFE: {
    status: 500,
    exit: 2,
    meaning:
      'With these settings of its consumer or stream a sighting could be lost, or never end.',
    remedy:
      'Name another consumer: --create --consumer NEW_NAME makes one that loses nothing, and gets what the old one left unread. A work queue has only one: there delete the old one first, its messages stay.',
  },
} as const satisfies Record<string, ErrorMeaning>
