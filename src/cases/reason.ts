import { HindraError } from '../errors.ts'

/** Throws INVALID_INPUT. */
export function checkReason(reason: string): void {
  if (reason.trim() !== '') return
  throw new HindraError(
    'INVALID_INPUT',
    { says: 'reason-of-decision' },
    {
      field: 'reason',
    },
  )
}
