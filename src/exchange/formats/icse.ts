import { defined } from '../../core/index.ts'
import { csvRow, SEMICOLONS } from '../../csv/index.ts'
import type { HashType } from '../../hashes/index.ts'
import type { Delta, Put } from '../delta.ts'
import type { Format } from './format.ts'
import { hashColumns } from './hash-columns.ts'
import { icseNote, icseNoteFields } from './icse-note.ts'
import { classNameOf, type Exported, oneLine } from './list-writer.ts'
import { invalid } from './refusing.ts'
import { type CsvRow, flagIn, readRows, type CsvFormat, wordIn } from './rows.ts'

const HASHES = hashColumns(
  new Map<string, HashType>([
    ['MD5', 'md5'],
    ['SHA1', 'sha1'],
    ['PhotoDNA', 'photodna'],
  ]),
)
const COLUMNS = [
  ...HASHES.columns,
  ...['Image ID', 'Is distributed', 'Victim identified', 'Offender identified', 'Series name'],
  ...['Number of submissions', 'File Available', 'Media Type', 'Baseline'],
]
/** Columns beside these are let pass, as other importers do. */
const FILE: CsvFormat = {
  dialect: SEMICOLONS,
  needed: new Set(COLUMNS.map((name) => name.toLowerCase())),
}

const [YES, NO] = ['Yes', 'No']

/**
 * INTERPOL's ICSE database, by the twelve columns that IPED's importer knows it by (HashDBTool). Its classes
 * are the words of its column Baseline, which whoever imports maps.
 */
export const icse: Format = {
  hasOwnClasses: true,

  read: (bytes) => readRows(bytes, FILE, deltaOf),

  write: ({ classes }) => ({
    head: csvRow(COLUMNS, SEMICOLONS),
    separator: '',
    tail: '',
    pieces(entry) {
      const hashes = HASHES.cells(entry)
      if (entry.status === 'retracted' || hashes === undefined) return []
      const { distributed, offenderIdentified, series, submissions, fileAvailable } =
        icseNoteFields(entry.note)
      const victim = entry.victimIdentified === null ? undefined : yesOrNo(entry.victimIdentified)
      const told = [distributed, victim, offenderIdentified, series && oneLine(series)]
      const baseline = classNameOf(classes, entry.classification)
      if (baseline !== YES && baseline !== NO) {
        throw invalid('classes', `the column Baseline holds ${YES} or ${NO}`)
      }
      const more = [submissions, fileAvailable, mediaTypeOf(entry), baseline]
      return [csvRow([...hashes, entry.key, ...told, ...more], SEMICOLONS)]
    },
  }),
}

/** Throws INVALID_INPUT with the field. */
function deltaOf(row: CsvRow, line: number): Delta {
  const key = row['image id']
  const told = (column: string) => {
    const flag = flagIn(row, column)
    return flag === null ? undefined : yesOrNo(flag)
  }
  return {
    change: 'put',
    line,
    hashes: HASHES.read(row),
    ...defined({ key, kind: kindOf(row), sourceClass: told('baseline') }),
    description: {
      sourceReference: key ?? null,
      victimIdentified: flagIn(row, 'victim identified'),
      note: icseNote({
        distributed: told('is distributed'),
        offenderIdentified: told('offender identified'),
        submissions: submissionsIn(row),
        fileAvailable: told('file available'),
        series: wordIn(row, 'series name'),
      }),
    },
  }
}

/** Throws INVALID_INPUT. */
function submissionsIn(row: CsvRow): string | undefined {
  const column = 'number of submissions'
  const count = wordIn(row, column)
  if (count !== undefined && !/^\d+$/.test(count)) throw invalid(column, 'a whole number')
  return count
}

/** Undefined where it is told in a word that says neither. */
function kindOf(row: CsvRow): Put['kind'] | undefined {
  const type = wordIn(row, 'media type')?.toLowerCase() ?? ''
  if (/^(video|film|movie)/.test(type)) return 'film'
  return /^(image|picture|photo)/.test(type) ? 'image' : undefined
}

function mediaTypeOf({ kind }: Exported): string | undefined {
  if (kind === 'unknown') return undefined
  return kind === 'film' ? 'Video' : 'Image'
}

function yesOrNo(flag: boolean): string {
  return flag ? YES : NO
}
