import type { ErrorMeaning } from './entry.ts'

/** What a case, or what is assessed, does not allow. */
export const CASE_ERRORS = {
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
} as const satisfies Record<string, ErrorMeaning>
