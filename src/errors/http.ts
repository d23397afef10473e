import type { ErrorMeaning } from './entry.ts'

/** What a server refuses whatever the operation is. */
export const HTTP_ERRORS = {
  TOO_LARGE: {
    status: 413,
    exit: 7,
    meaning: 'The media or the request is larger than the limit.',
    remedy: 'Raise the limit that the message names, if you trust the source.',
  },
  UNREACHABLE: {
    status: 503,
    exit: 6,
    meaning: 'The server at HINDRA_URL does not answer.',
    remedy: 'Start it with `hindra serve`, or unset HINDRA_URL.',
  },
  RATE_LIMITED: {
    status: 429,
    exit: 6,
    meaning: 'Your key has used up what it may do in this time.',
    remedy: 'Send again after the time in Retry-After; an operator sets limits.*.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    exit: 6,
    meaning: 'The request came too slowly.',
    remedy: 'Send again over a better line; an operator sets server.bodyBytesPerSecondMin.',
  },
  OVERLOADED: {
    status: 503,
    exit: 6,
    meaning: 'More work waits than Hindra accepts.',
    remedy: 'Send again after the time in Retry-After.',
  },
} as const satisfies Record<string, ErrorMeaning>
