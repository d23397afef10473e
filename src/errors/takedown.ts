import type { ErrorMeaning } from './entry.ts'

/** What keeps notices from being written, or from reaching somebody. */
export const TAKEDOWN_ERRORS = {
  NO_CONTACT: {
    status: 422,
    exit: 5,
    meaning: 'Nobody is known who could remove this, or no abuse contact of theirs.',
    remedy: 'Add the provider to trace.providers.',
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
  CONTACT_UNSUITABLE: {
    status: 409,
    exit: 5,
    meaning:
      'A dossier goes to the police alone, and only encrypted: this contact is not theirs, or has no key that can be used.',
    remedy:
      '`hindra route keys` shows whose keys there are; whoever runs the server puts them into takedown.confidence.',
  },
  DOSSIER_CHANGED: {
    status: 409,
    exit: 5,
    meaning: 'The case is not what somebody proposed to hand over any more. Nothing left.',
    remedy:
      'Look at it with `hindra dossiers show ID`; `hindra dossiers release ID --digest DIGEST` hands it over as it is now.',
  },
  DOSSIER_LIMIT: {
    status: 429,
    exit: 6,
    meaning: 'You have proposed, or released, as many dossiers as one person may within 24 hours.',
    remedy:
      'Let another person do it, or wait; the house lays down the number in policy/dossiers.yaml.',
  },
  EXPORT_ELSEWHERE: {
    status: 500,
    exit: 6,
    meaning:
      'A file for a hotline or INTERPOL was written into another directory than the one that is looked into now.',
    remedy:
      'Have all machines that dispatch see one `hotlineExports.directory`, with its `.hindra-directory`; `hindra waiting done` says of a file that it was carried.',
  },
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
    meaning: 'A mailbox cannot be read: that of bounces and replies, or that of sister hotlines.',
    remedy:
      'maildir must be a Maildir that Hindra may read and write (new, cur, tmp); imap*: see host, login, certificate and folder.',
  },
  MAIL_UNREADABLE: {
    status: 422,
    exit: 7,
    meaning: 'A mail is none, or took longer to read, or more memory, than any ordinary mail does.',
    remedy: 'Read it in the mailbox, where it is left unread.',
  },
} as const satisfies Record<string, ErrorMeaning>
