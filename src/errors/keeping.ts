import type { ErrorMeaning } from './entry.ts'

/** What is wrong with a backup. */
export const KEEPING_ERRORS = {
  BACKUP_DAMAGED: {
    status: 500,
    exit: 1,
    meaning: 'A backup is not whole, or not what was written.',
    remedy: 'Take another one; a copy that broke off is the usual cause.',
  },
} as const satisfies Record<string, ErrorMeaning>
