import { defined } from '../../core/index.ts'
import { COMMAS, csvRow } from '../../csv/index.ts'
import { HASH_TYPES } from '../../hashes/index.ts'
import { CLASSIFICATIONS, type Classification } from '../../register/terms.ts'
import type { Delta } from '../delta.ts'
import type { Format } from './format.ts'
import { hashColumns } from './hash-columns.ts'
import { hashIn, oneLine } from './list-writer.ts'
import { invalid } from './refusing.ts'
import { type CsvRow, flagIn, readRows, type CsvFormat, wordIn } from './rows.ts'

/** A column for each kind of hash, in its own name. */
const HASHES = hashColumns(new Map(HASH_TYPES.map((type) => [type, type])))

const CLASS_COLUMNS = ['key', 'kind', 'classification']
const TEXT_COLUMNS = ['source_reference', 'jurisdiction', 'victim_identified', 'self_generated']
const COLUMNS = [...CLASS_COLUMNS, ...HASHES.columns, ...TEXT_COLUMNS, 'note', 'deleted']
const FILE: CsvFormat = { dialect: COMMAS, known: new Set(COLUMNS) }

/** What an exchange recognises an entry by beside its key; who reads such a file may go by their places. */
const OPINION_HASHES = ['md5', 'sha1', 'sha256', 'pdq', 'photodna'] as const

/** Our own CSV: columns in any order and number; one with a hash is needed. */
export const csv: Format = {
  hasOwnClasses: false,

  read: (bytes) => readRows(bytes, FILE, deltaOf),

  write: () => ({
    head: csvRow(COLUMNS, COMMAS),
    separator: '',
    tail: '',
    pieces(entry) {
      const { key, kind, classification, sourceReference, jurisdiction, note, status } = entry
      const { victimIdentified, selfGenerated } = entry
      const hashes = HASHES.cells(entry) ?? HASHES.columns.map(() => undefined)
      const said = [sourceReference, jurisdiction, victimIdentified, selfGenerated, note]
      const cells = [key, kind, classification, ...hashes, ...said, status === 'retracted']
      return [csvRow(cells, COMMAS)]
    },
  }),

  feedback: {
    head: csvRow(['key', 'opinion', 'reason', 'given', ...OPINION_HASHES], COMMAS),
    separator: '',
    tail: '',
    pieces(entry) {
      const { key, feedback } = entry
      if (feedback === null) return []
      const { opinion, reason, at } = feedback
      const why = reason === null ? null : oneLine(reason)
      const hashes = OPINION_HASHES.map((type) => hashIn(entry, type)?.value)
      return [csvRow([key, opinion, why, at, ...hashes], COMMAS)]
    },
  },
}

/** Throws INVALID_INPUT with the field. */
function deltaOf(row: CsvRow, line: number): Delta {
  const hashes = HASHES.read(row)
  const [first] = hashes
  const key = row['key']
  if (flagIn(row, 'deleted') === true) {
    const named = key ?? (first && `${first.type}:${first.value.toLowerCase()}`)
    if (named === undefined) throw invalid('key', 'what was deleted is named by its key or a hash')
    return { change: 'delete', line, key: named }
  }
  const kind = wordIn(row, 'kind')
  const classification = wordIn(row, 'classification')
  if (kind !== undefined && kind !== 'image' && kind !== 'film' && kind !== 'unknown') {
    throw invalid('kind', 'image, film or unknown')
  }
  if (classification !== undefined && !isClassification(classification)) {
    throw invalid('classification', `one of ${CLASSIFICATIONS.join(', ')}`)
  }
  return {
    change: 'put',
    line,
    hashes,
    ...defined({ key, kind, classification }),
    description: {
      sourceReference: row['source_reference'] ?? null,
      jurisdiction: wordIn(row, 'jurisdiction') ?? null,
      victimIdentified: flagIn(row, 'victim_identified'),
      selfGenerated: flagIn(row, 'self_generated'),
      note: row['note'] ?? null,
    },
  }
}

function isClassification(text: string): text is Classification {
  return (CLASSIFICATIONS as readonly string[]).includes(text)
}
