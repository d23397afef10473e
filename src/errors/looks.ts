import type { ErrorMeaning } from './entry.ts'

/** When a person is not shown what a URL shows. */
export const LOOK_ERRORS = {
  LOOK_BY_PERSON: {
    status: 403,
    exit: 3,
    meaning: 'Only a person who has signed in by a browser looks: no key does, and no command.',
    remedy: 'Open the case or the tip in the console and ask for the look there.',
  },
  LOOKS_OFF: {
    status: 403,
    exit: 3,
    meaning: 'The house has the safe look switched off.',
    remedy:
      'Show the URL on the page of the case or tip, and open it on the machine that your house keeps for that. An operator sets looks.enabled.',
  },
  LOOK_STEP: {
    status: 409,
    exit: 5,
    meaning: 'Larger and in colour are acts of their own, each after what is less.',
    remedy: 'Look small and in grey first; the page that shows it offers the rest.',
  },
  NO_PAGE: {
    status: 415,
    exit: 7,
    meaning: 'What is at the URL is no page, so there is no text to be read.',
    remedy:
      'A picture or film is looked at in the console. Where the tip or case names the page on which it was seen, add --page-url.',
  },
  LOOK_LIMIT: {
    status: 429,
    exit: 6,
    meaning: 'A limit that the house laid down for looking is reached (policy/looks.yaml).',
    remedy:
      'Come back at the time that the message names. Nothing is lost: what you have taken stays yours, and assessing and deciding go on without a look.',
  },
} as const satisfies Record<string, ErrorMeaning>
