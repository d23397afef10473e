import { DISK_ERRORS, diskCodeOf } from './errors/disk.ts'
import { DECODING_ERRORS } from './errors/decoding.ts'
import { IMPORT_ERRORS } from './errors/imports.ts'
import { MODEL_ERRORS } from './errors/models.ts'
import { SOURCE_ERRORS } from './errors/sources.ts'
import { STORE_ERRORS } from './errors/store.ts'

/** What a caller can rely on: the code is stable, the message is free text. */
export interface ErrorEntry {
  /** HTTP status of an answer that carries this error. */
  readonly status: number
  /** Exit code of a command that ends with it (documented in README). */
  readonly exit: number
  readonly meaning: string
  readonly remedy: string
}

/** Exit codes: 0 ok, 1 failed, 2 usage, 3 refused, 4 not found, 5 conflict, 6 unavailable, 7 bad media. */
export const ERRORS = {
  INVALID_INPUT: {
    status: 400,
    exit: 2,
    meaning: 'A field is missing, has the wrong type or is out of range.',
    remedy: 'Correct the field that the message names.',
  },
  INVALID_CONFIG: {
    status: 500,
    exit: 2,
    meaning: 'The settings hold values that Hindra does not accept.',
    remedy: 'Correct the listed settings; `hindra config` shows what is in force and from where.',
  },
  URL_INVALID: {
    status: 400,
    exit: 2,
    meaning: 'The URL cannot be parsed, is not http or https, or is over 8 KiB.',
    remedy: 'Send an absolute http or https URL.',
  },
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
  SAME_PERSON: {
    status: 403,
    exit: 3,
    meaning:
      'Four eyes: who proposed an item cannot verify it, who disputed it cannot retract it where two are ' +
      'wanted, and who proposed what becomes of a hold cannot agree to it.',
    remedy: 'Let another person do it.',
  },
  FINDINGS_OPEN: {
    status: 409,
    exit: 5,
    meaning:
      'Something was found about the entry that a person must look at before it is verified.',
    remedy: 'Look, then verify again and say so: --acknowledge-findings.',
  },
  NOT_FOUND: {
    status: 404,
    exit: 4,
    meaning: 'There is nothing with this id.',
    remedy: 'List what exists first.',
  },
  CONFLICT: {
    status: 409,
    exit: 5,
    meaning: 'The record is in a state that does not allow this step.',
    remedy: 'Look at its present state; somebody else may have acted first.',
  },
  PAGE_CHOICE: {
    status: 409,
    exit: 5,
    meaning:
      'The URL is a page: what is to be taken down is the media on it, which rechecks look for.',
    remedy:
      'Choose what `hindra assess` lists: --media 1,3 or --media all; --page-itself or --account where the page is meant.',
  },
  CASE_STATE: {
    status: 409,
    exit: 5,
    meaning: 'The case is in a state that does not allow this transition.',
    remedy: 'Look at the case with `hindra cases show ID`.',
  },
  LETTER_UNKNOWN: {
    status: 409,
    exit: 5,
    meaning: 'No letter of this kind is written to this recipient.',
    remedy:
      'Tell it by hand, or route the case otherwise; `hindra notices preview --list` names all.',
  },
  LETTER_INCOMPLETE: {
    status: 409,
    exit: 5,
    meaning: 'A fact that the letter needs is not known, so that it is held for a person.',
    remedy: 'Complete what the message names, or tell it by hand and `hindra notices told ID`.',
  },
  TOO_LARGE: {
    status: 413,
    exit: 7,
    meaning: 'The media or the request is larger than the limit.',
    remedy: 'Raise the limit that the message names, if you trust the source.',
  },
  MEDIA_EMPTY: {
    status: 422,
    exit: 7,
    meaning: 'The file holds no bytes.',
    remedy: 'Fetch it again.',
  },
  MEDIA_UNSUPPORTED: {
    status: 415,
    exit: 7,
    meaning: 'The bytes are not of a format that Hindra decodes (SVG is refused on purpose).',
    remedy: '`hindra doctor` lists the formats of this build.',
  },
  MEDIA_CORRUPT: {
    status: 422,
    exit: 7,
    meaning: 'The file is damaged or cut off, so that no trustworthy hash can be made.',
    remedy: 'Fetch it again; a truncated download is the usual cause.',
  },
  MEDIA_LIMIT: {
    status: 422,
    exit: 7,
    meaning: 'The picture or film is over a limit: pixels, pages, frames or seconds.',
    remedy: 'Raise the limit that the message names, if you trust the source.',
  },
  MEDIA_UNHASHABLE: {
    status: 422,
    exit: 7,
    meaning: 'The picture is under 5 pixels on a side, or no frame of the film is larger.',
    remedy: 'Nothing can be compared: judge it by eye, or fetch the full-sized media.',
  },
  ...DECODING_ERRORS,
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
  HASH_INVALID: {
    status: 400,
    exit: 2,
    meaning: 'The text is not a hash of the named type.',
    remedy: 'PDQ and SHA-256 are 64 hex digits, SHA-1 40, MD5 32.',
  },
  INDEX_INVALID: {
    status: 500,
    exit: 1,
    meaning:
      'The index was called with a label, radius or vector outside its range, or after close.',
    remedy: 'This is a fault in Hindra: report it.',
  },
  INDEX_CORRUPT: {
    status: 500,
    exit: 1,
    meaning: 'A saved index cannot be read.',
    remedy: 'Delete it; it is rebuilt from the store.',
  },
  INDEX_UNAVAILABLE: {
    status: 500,
    exit: 6,
    meaning: 'There is no native core, which the native index needs.',
    remedy:
      'Install python3, make and g++, then npm run build:native; or set index.kind to linear.',
  },
  INDEX_LOADING: {
    status: 503,
    exit: 6,
    meaning: 'The index of known material is still being loaded.',
    remedy: 'Wait; /readyz says when it is there.',
  },
  INDEX_LOST: {
    status: 503,
    exit: 6,
    meaning: 'The thread that holds the index of known material ended by itself.',
    remedy: 'Restart Hindra; the index is rebuilt from the store.',
  },
  ...STORE_ERRORS,
  ...DISK_ERRORS,
  BACKUP_DAMAGED: {
    status: 500,
    exit: 1,
    meaning: 'A backup is not whole, or not what was written.',
    remedy: 'Take another one; a copy that broke off is the usual cause.',
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
  NO_CONTACT: {
    status: 422,
    exit: 5,
    meaning: 'Nobody is known who could remove this, or no abuse contact of theirs.',
    remedy: 'Add the provider to trace.providers.',
  },
  ...SOURCE_ERRORS,
  ...MODEL_ERRORS,
  ...IMPORT_ERRORS,
  EXPORT_FAILED: {
    status: 500,
    exit: 6,
    meaning: 'A file for a hotline or INTERPOL could not be written; it is tried again.',
    remedy: 'See to `hotlineExports.directory`: that it exists, may be written and has room.',
  },
  MAIL_FAILED: {
    status: 502,
    exit: 6,
    meaning: 'The mail relay did not take the notice; it stays in the outbox and is tried again.',
    remedy: '`hindra doctor` tests the relay.',
  },
  POST_FAILED: {
    status: 502,
    exit: 6,
    meaning: 'A webhook or API did not take the notice; it stays in the outbox and is tried again.',
    remedy:
      'See the last error with `hindra notices show ID`; refused ones go again with `hindra notices send`.',
  },
  INBOX_FAILED: {
    status: 503,
    exit: 6,
    meaning: 'The mailbox of bounces and replies cannot be read.',
    remedy:
      'inbox.maildir must be a Maildir that Hindra may read and write (new, cur, tmp); inbox.imap*: see host, login, certificate and folder.',
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
  STORY_FAILED: {
    status: 500,
    exit: 1,
    meaning: 'The demo did not come out as it must.',
    remedy: 'The summary says what differs; the printed seed repeats it.',
  },
  INTERNAL: {
    status: 500,
    exit: 1,
    meaning: 'A fault in Hindra.',
    remedy: 'Report it with the code and the time.',
  },
} as const satisfies Record<string, ErrorEntry>

export { type DiskCode, diskCodeOf } from './errors/disk.ts'

export type ErrorCode = keyof typeof ERRORS

/** Where bad input was found, so that a person can go there. */
export interface ErrorPlace {
  readonly field?: string
  /** 1-based line in a feed or list. */
  readonly line?: number
}

/** The one error type that crosses a folder's border. Messages never hold a secret, a hash or a full URL. */
export class HindraError extends Error {
  readonly code: ErrorCode
  readonly field: string | undefined
  readonly line: number | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    place: ErrorPlace & { cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(message, place.cause === undefined ? undefined : { cause: place.cause })
    this.retryAfterSeconds = place.retryAfterSeconds
    this.name = 'HindraError'
    this.code = code
    this.field = place.field
    this.line = place.line
  }

  get status(): number {
    return ERRORS[this.code].status
  }

  get exit(): number {
    return ERRORS[this.code].exit
  }

  get remedy(): string {
    return ERRORS[this.code].remedy
  }
}

/**
 * Wraps what is not ours, so that every edge reports one shape: what the system refused of files by its
 * code, all else as INTERNAL.
 */
export function toHindraError(error: unknown): HindraError {
  if (error instanceof HindraError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new HindraError(diskCodeOf(error) ?? 'INTERNAL', message, { cause: error })
}
