import { HindraError } from '../errors.ts'
import { CLASSIFICATIONS, type ProposeInput } from './types.ts'

const REFERENCE_CHARS_MAX = 256
const TEXT_CHARS_MAX = 4_000

/** Throws INVALID_INPUT with the field. */
export function checkProposal({
  fingerprint,
  classification,
  reference,
  note,
}: ProposeInput): void {
  // The classification comes from outside, whatever its type says.
  if (!(CLASSIFICATIONS as readonly string[]).includes(classification)) {
    throw invalid('classification', `one of ${CLASSIFICATIONS.join(', ')}`)
  }
  if (!fingerprint.views.some(({ name }) => name === 'whole')) {
    throw invalid('fingerprint', 'without the hash of the whole picture')
  }
  if ((reference ?? '').length > REFERENCE_CHARS_MAX) {
    throw invalid('reference', `over ${REFERENCE_CHARS_MAX} characters`)
  }
  if ((note ?? '').length > TEXT_CHARS_MAX)
    throw invalid('note', `over ${TEXT_CHARS_MAX} characters`)
}

/** The reason without the blanks around it. Throws INVALID_INPUT. */
export function checkReason(reason: string | undefined, needed: boolean): string | null {
  const text = reason?.trim() ?? ''
  if (text.length > TEXT_CHARS_MAX) throw invalid('reason', `over ${TEXT_CHARS_MAX} characters`)
  if (text !== '') return text
  if (needed) throw invalid('reason', 'missing: whoever reads the history must learn why')
  return null
}

function invalid(field: string, message: string): HindraError {
  return new HindraError('INVALID_INPUT', `${field}: ${message}`, { field })
}
