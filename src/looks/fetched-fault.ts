import type { HindraError } from '../errors.ts'
import { faultOf } from '../intake/index.ts'
import type { FetchedFault } from './terms.ts'

/** What kept it from being fetched, as a person is told; undefined for what is no failure of a fetch. */
export function fetchedFault(error: HindraError): FetchedFault | undefined {
  const fault = faultOf(error)
  if (fault === undefined || fault === 'address' || fault === 'too-large') return fault
  return fault === 'time-out' ? 'too-slow' : 'no-answer'
}
