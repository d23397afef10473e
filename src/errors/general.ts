import type { ErrorMeaning } from './entry.ts'

/** What any part may refuse. */
export const GENERAL_ERRORS = {
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
} as const satisfies Record<string, ErrorMeaning>
