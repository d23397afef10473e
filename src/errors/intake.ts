import type { ErrorMeaning } from './entry.ts'

/** What keeps Hindra from fetching. */
export const INTAKE_ERRORS = {
  FETCH_REFUSED: {
    status: 422,
    exit: 3,
    meaning:
      'The URL points to an address that Hindra does not fetch (private, loopback, special).',
    remedy: 'If it is meant, allow it: fetch.allowNetworks, fetch.allowHosts or fetch.allowPorts.',
  },
  FETCH_FAILED: {
    status: 502,
    exit: 6,
    meaning: 'The URL could not be fetched: DNS, connection, time-out or HTTP status.',
    remedy: 'Try again later; the message says which step failed.',
  },
  TLS_FAILED: {
    status: 502,
    exit: 6,
    meaning: 'The host has no certificate that can be trusted for its name, or speaks no TLS.',
    remedy: 'Look at the host by hand; what cannot be proved to come from it is not fetched.',
  },
  PAGE_UNREADABLE: {
    status: 422,
    exit: 7,
    meaning: 'The page took longer to read, or more memory, than any ordinary page does.',
    remedy: 'Look at the page by hand, and name the URLs of the media on it.',
  },
} as const satisfies Record<string, ErrorMeaning>
