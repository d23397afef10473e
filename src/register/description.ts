import { isName } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Vocabulary } from './vocabulary.ts'

const REFERENCE_CHARS_MAX = 256
const NOTE_CHARS_MAX = 4_000
const UCS_TERMS_MAX = 100

/** What is known of material besides its hashes and its class. Null is: not known, or not told. */
export interface Description {
  /** Where it came from: a term of `sources`. */
  readonly source: string | null
  /** What that source calls it. */
  readonly sourceReference: string | null
  /** Whose law the classification follows: ISO 3166-1 alpha-2. */
  readonly jurisdiction: string | null
  readonly ageBand: string | null
  readonly siteType: string | null
  readonly commerciality: string | null
  readonly victimIdentified: boolean | null
  readonly selfGenerated: boolean | null
  readonly policeReference: string | null
  /** Terms of the Universal Classification Schema, as they came: Hindra does not interpret them. */
  readonly ucs: readonly string[]
  /** Our own reference. */
  readonly reference: string | null
  readonly note: string | null
}

const NOTHING: Description = {
  source: null,
  sourceReference: null,
  jurisdiction: null,
  ageBand: null,
  siteType: null,
  commerciality: null,
  victimIdentified: null,
  selfGenerated: null,
  policeReference: null,
  ucs: [],
  reference: null,
  note: null,
}

/** Throws INVALID_INPUT with the field; a term that is not in the vocabulary is named with those that are. */
export function checkDescription(given: Partial<Description>, vocabulary: Vocabulary): Description {
  const described = { ...NOTHING, ...given }
  checkTerm('source', described.source, vocabulary.sources)
  checkTerm('ageBand', described.ageBand, vocabulary.ageBands)
  checkTerm('siteType', described.siteType, vocabulary.siteTypes)
  checkTerm('commerciality', described.commerciality, vocabulary.commerciality)
  if (described.jurisdiction !== null && !/^[A-Z]{2}$/.test(described.jurisdiction)) {
    throw invalid('jurisdiction', 'two capital letters (ISO 3166-1)')
  }
  for (const field of ['sourceReference', 'policeReference', 'reference'] as const) {
    checkName(field, described[field])
  }
  checkLength('note', described.note, NOTE_CHARS_MAX)
  if (described.ucs.length > UCS_TERMS_MAX) throw invalid('ucs', `over ${UCS_TERMS_MAX} terms`)
  for (const term of described.ucs) checkName('ucs', term)
  return described
}

function checkTerm(field: string, term: string | null, terms: Readonly<Record<string, string>>) {
  if (term === null || Object.hasOwn(terms, term)) return
  throw invalid(field, `one of ${Object.keys(terms).join(', ')}`)
}

/** Throws INVALID_INPUT: a name that holds a line break passes for two lines wherever it is written. */
function checkName(field: string, name: string | null): void {
  checkLength(field, name, REFERENCE_CHARS_MAX)
  if (!isName(name ?? '')) throw invalid(field, 'a line break or a control character is in it')
}

function checkLength(field: string, text: string | null, most: number): void {
  if ((text ?? '').length > most) throw invalid(field, `over ${most} characters`)
}

function invalid(field: string, message: string): HindraError {
  return new HindraError('INVALID_INPUT', `${field}: ${message}`, { field })
}
