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
  NOT_LOOKED_AT: {
    status: 409,
    exit: 5,
    meaning:
      'Hindra has not seen the bytes that these stand on, so it cannot say that they are the same.',
    remedy:
      'Let it look: at tips by `hindra tips look ID`, at cases by `hindra recheck CASE_ID`. What is still not known is judged ' +
      'one by one.',
  },
  EVIDENCE_DIFFERS: {
    status: 409,
    exit: 5,
    meaning:
      'Not all of these stand on one file or one item: one word for all of them would judge some unseen. Nothing was done.',
    remedy: 'Leave out those that the message names, and judge them one by one.',
  },
  UNDO_BARRED: {
    status: 409,
    exit: 5,
    meaning:
      'The act cannot be taken back: something of it has left the house, or somebody else has built on it. Nothing was changed.',
    remedy:
      'Look at the case with `hindra cases show ID`. Where it should never have stood, `hindra cases close ID --take-back` tells whoever was told.',
  },
  CASE_WITHHELD: {
    status: 409,
    exit: 5,
    meaning:
      'The answer names a case of which you have before you what is to be decided again: it would tell you what was decided.',
    remedy:
      'Decide it with `hindra samples decide ID`, or leave it to others with `hindra samples leave ID`; then ask again.',
  },
  CASE_STATE: {
    status: 409,
    exit: 5,
    meaning: 'The case is in a state that does not allow this transition.',
    remedy: 'Look at the case with `hindra cases show ID`.',
  },
} as const satisfies Record<string, ErrorMeaning>
