import type { ErrorMeaning } from './entry.ts'

/** What is wrong with a learned model. */
export const MODEL_ERRORS = {
  MODEL_INVALID: {
    status: 500,
    exit: 2,
    meaning: 'The model of model.path cannot be used: a file or a field of it is wrong.',
    remedy: 'Correct what the message names; `hindra model check DIR` says whether it works then.',
  },
} as const satisfies Record<string, ErrorMeaning>
