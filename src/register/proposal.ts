import { isName } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { CLASSIFICATIONS, type Classification } from './classification.ts'
import { checkDescription, type Description } from './description.ts'
import type { Finding } from './findings.ts'
import { type KnownHashSet, listedHashesOf } from './hash-set.ts'
import type { EntryOrigin } from './item.ts'
import type { List } from './list-types.ts'
import type { Vocabulary } from './vocabulary.ts'

const KEY_CHARS_MAX = 1_000
const FILE_NAME_CHARS_MAX = 255
const REASON_CHARS_MAX = 4_000

/** What a list says of something known. */
export interface EntryInput {
  readonly list: string
  readonly hashes: KnownHashSet
  /** `Ignore` where it is absent for an allow-list; needed elsewhere. */
  readonly classification?: Classification
  /** What the list itself calls it, unique among its living entries; else its first hash. */
  readonly key?: string
  readonly description?: Partial<Description>
  /** What was found about these hashes: see `Gates`. */
  readonly findings?: readonly Finding[]
  readonly origin?: EntryOrigin
}

export interface CheckedInput {
  readonly hashes: KnownHashSet
  readonly list: List
  readonly classification: Classification
  readonly description: Description
  readonly findings: readonly Finding[]
  readonly origin: EntryOrigin
}

/** Throws INVALID_INPUT with the field. */
export function checkEntry(input: EntryInput, list: List, vocabulary: Vocabulary): CheckedInput {
  const { hashes, key, description = {}, findings = [], origin = {} } = input
  const { classification = list.kind === 'allow' ? 'Ignore' : undefined } = input
  // The classification comes from outside, whatever its type says.
  if (classification === undefined || !CLASSIFICATIONS.includes(classification)) {
    throw invalid('classification', `one of ${CLASSIFICATIONS.join(', ')}`)
  }
  if (list.kind === 'allow' && classification !== 'Ignore') {
    throw invalid('classification', 'what is on an allow-list is Ignore')
  }
  if (listedHashesOf(hashes).length === 0) throw invalid('hashes', 'none')
  if (hashes.views.length > 0 && !hashes.views.some(({ name }) => name === 'whole')) {
    throw invalid('hashes', 'without the hash of the whole picture')
  }
  if (key === '' || (key ?? '').length > KEY_CHARS_MAX) {
    throw invalid('key', `1 to ${KEY_CHARS_MAX} characters`)
  }
  if (!isName(key ?? '')) throw invalid('key', 'a line break or a control character is in it')
  const checked = checkDescription(description, vocabulary)
  const { fileName } = origin
  if (fileName !== undefined && (fileName.length > FILE_NAME_CHARS_MAX || !isName(fileName))) {
    throw invalid('fileName', `one line of at most ${FILE_NAME_CHARS_MAX} characters`)
  }
  return { hashes, list, classification, description: checked, findings, origin }
}

/** The reason without the blanks around it. Throws INVALID_INPUT. */
export function checkReason(reason: string | undefined, needed: boolean): string | null {
  const text = reason?.trim() ?? ''
  if (text.length > REASON_CHARS_MAX) throw invalid('reason', `over ${REASON_CHARS_MAX} characters`)
  if (text !== '') return text
  if (needed) throw invalid('reason', 'missing: whoever reads the history must learn why')
  return null
}

function invalid(field: string, message: string): HindraError {
  return new HindraError('INVALID_INPUT', `${field}: ${message}`, { field })
}
