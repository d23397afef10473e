import type { Audit } from '../audit/index.ts'
import { HindraError } from '../errors.ts'

/** One answer to all that fails. Names that nobody has are counted as one: whoever guesses does not fill the log. */
export function failed(audit: Audit, personId: string | undefined): HindraError {
  audit.count('nobody', 'sign-in.refused', personId ?? 'unknown-person')
  return new HindraError('UNAUTHENTICATED', { says: 'sign-in-failed' })
}
