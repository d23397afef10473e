import { defined } from '../../core/index.ts'
import { COMMAS, csvRow } from '../../csv/index.ts'
import { hashesNamedBy } from '../../hashes/index.ts'
import type { Delta } from '../delta.ts'
import type { Format } from './format.ts'
import { hashColumns } from './hash-columns.ts'
import { iwfNote, iwfNoteFields } from './iwf-note.ts'
import { classNameOf } from './list-writer.ts'
import { type CsvRow, flagIn, readRows, type CsvFormat, wordIn } from './rows.ts'

const HASHES = hashColumns(hashesNamedBy('iwf'), 'PDQ_Quality')
const COLUMNS = ['ID', 'Category', 'AgeBand', ...HASHES.columns, 'SelfGenerated', 'GridImage']
const ALSO_READ = ['age_band', 'self_generated', 'grid_image']
const KNOWN = new Set([...COLUMNS.map((name) => name.toLowerCase()), ...ALSO_READ])
const FILE: CsvFormat = { dialect: COMMAS, known: KNOWN }

/**
 * CSV in the manner of the Internet Watch Foundation's list: a whole list, in categories A, B and C that
 * are law of the United Kingdom and are mapped by whoever imports.
 */
export const iwf: Format = {
  hasOwnClasses: true,

  read: (bytes) => readRows(bytes, FILE, deltaOf),

  write: ({ classes }) => ({
    head: csvRow(COLUMNS, COMMAS),
    separator: '',
    tail: '',
    pieces(entry) {
      const hashes = HASHES.cells(entry)
      if (entry.status === 'retracted' || hashes === undefined) return []
      const { category, ageBand, isGrid } = iwfNoteFields(entry.note)
      const named = category ?? classNameOf(classes, entry.classification)
      const told = [entry.selfGenerated, isGrid ? true : undefined]
      return [csvRow([entry.key, named, ageBand, ...hashes, ...told], COMMAS)]
    },
  }),
}

function deltaOf(row: CsvRow, line: number): Delta {
  const key = row['id']
  const category = wordIn(row, 'category')
  const ageBand = wordIn(row, 'ageband') ?? wordIn(row, 'age_band')
  const isGrid = (flagIn(row, 'gridimage') ?? flagIn(row, 'grid_image')) === true
  return {
    change: 'put',
    line,
    hashes: HASHES.read(row),
    ...defined({ key, sourceClass: category }),
    description: {
      sourceReference: key ?? null,
      jurisdiction: 'GB',
      selfGenerated: flagIn(row, 'selfgenerated') ?? flagIn(row, 'self_generated'),
      note: iwfNote({ category, ageBand, isGrid }),
    },
  }
}
