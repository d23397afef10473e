import { diskCodeOf, HindraError, toHindraError } from '../errors.ts'

/** Of what the system refused to start: TOO_MANY_FILES by its name, all else OVERLOADED, which passes as well. */
export function startError(cause: unknown, message: string): HindraError {
  return diskCodeOf(cause) === 'TOO_MANY_FILES'
    ? toHindraError(cause)
    : new HindraError('OVERLOADED', message, { cause })
}
