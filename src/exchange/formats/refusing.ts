import { HindraError, toHindraError } from '../../errors.ts'
import { type HashType, hashOfText, writtenAs } from '../../hashes/index.ts'
import type { ListedHash } from '../../register/index.ts'
import { type Delta, type Refusal, refusalFor } from '../delta.ts'

/** What a line says, or what is wrong with it, in the field that INVALID_INPUT names. Throws what is no fault of the line. */
export function refusing<Read extends Delta | undefined>(
  line: number,
  read: () => Read,
): Read | Refusal {
  try {
    return read()
  } catch (error) {
    const fault = toHindraError(error)
    if (fault.code !== 'INVALID_INPUT') throw error
    return refusalFor({ line }, fault)
  }
}

export function refused(line: number, field: string, message: string): Refusal {
  return { change: 'refused', line, field, message }
}

export function invalid(field: string, message: string): HindraError {
  return new HindraError('INVALID_INPUT', `${field}: ${message}`, { field })
}

/** A hash under the name that the format has for it. Throws INVALID_INPUT where it is none of its kind. */
export function hashNamed(field: string, type: HashType, text: string): ListedHash {
  const value = text.trim()
  if (hashOfText(type, value) === undefined) throw invalid(field, writtenAs(type).words)
  return { type, value }
}
