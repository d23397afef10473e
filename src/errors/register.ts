import type { ErrorMeaning } from './entry.ts'

/** What keeps a step of an entry from being taken. */
export const REGISTER_ERRORS = {
  SAME_PERSON: {
    status: 403,
    exit: 3,
    meaning:
      'Four eyes: who proposed an item cannot verify it, who disputed it cannot retract it where two are ' +
      'wanted, who proposed what becomes of a hold cannot agree to it, who entered an address cannot approve it, ' +
      'who assessed first cannot give the second assessment, who proposed a dossier cannot release it, ' +
      'nobody gives a role to themselves, ' +
      'and whoever had a part in a case cannot decide on an objection to it; by a machine of theirs neither, and ' +
      'nobody where no person answers for the machine.',
    remedy: 'Let another person do it.',
  },
  ASSESSMENTS_MISSING: {
    status: 409,
    exit: 5,
    meaning:
      'The house demands two equal assessments of the very bytes of an entry of this class before anybody verifies it ' +
      '(`register` in second-assessments.yaml); the message says what is missing.',
    remedy:
      'Let two people assess a URL where Hindra is shown the same file: hindra assess URL, hindra assess --second.',
  },
  FINDINGS_OPEN: {
    status: 409,
    exit: 5,
    meaning:
      'Something was found about the entry that a person must look at before it is verified.',
    remedy: 'Look, then verify again and say so: --acknowledge-findings.',
  },
} as const satisfies Record<string, ErrorMeaning>
