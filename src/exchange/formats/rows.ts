import { own } from '../../core/index.ts'
import { csvRecords, type Dialect } from '../../csv/index.ts'
import { HindraError } from '../../errors.ts'
import type { Delta } from '../delta.ts'
import { invalid, refused, refusing } from './refusing.ts'

/** Cells by column in lower case, as they are written; what is blank is not there. */
export type CsvRow = Readonly<Partial<Record<string, string>>>

/** How the file is written, and what its header has to be. */
export interface CsvFormat {
  readonly dialect: Dialect
  /** Columns in lower case, in any order. No other is taken for a list of the format. */
  readonly known?: ReadonlySet<string>
  /** Columns in lower case without which it is no list of the format. */
  readonly needed?: ReadonlySet<string>
}

/** Rows of a CSV file with a header. Throws INVALID_INPUT where the header is not understood. */
export async function* readRows(
  bytes: AsyncIterable<Uint8Array>,
  file: CsvFormat,
  deltaOf: (row: CsvRow, line: number) => Delta,
): AsyncGenerator<Delta> {
  let header: readonly string[] | undefined
  for await (const { line, cells, fault } of csvRecords(bytes, file.dialect)) {
    const columns = header
    if (columns === undefined) header = columnsIn(cells, file)
    else if (cells === undefined) yield refused(line, 'row', fault)
    else yield refusing(line, () => deltaOf(rowOf(cells, columns), line))
  }
}

/** Throws INVALID_INPUT. */
function rowOf(cells: readonly string[], columns: readonly string[]): CsvRow {
  if (cells.slice(columns.length).some((cell) => cell.trim() !== '')) {
    throw invalid('row', `there are more than ${columns.length} columns`)
  }
  const filled = columns.flatMap((name, position) => {
    const cell = cells[position] ?? ''
    return cell.trim() === '' ? [] : [[name, cell] as const]
  })
  return Object.fromEntries(filled)
}

function columnsIn(
  cells: readonly string[] | undefined,
  { known, needed = new Set() }: CsvFormat,
): readonly string[] {
  const columns = (cells ?? []).map((name) => name.trim().toLowerCase())
  if (columns.length === 0) throw notOfFormat('there is no header')
  const unknown = columns.filter((name) => known?.has(name) === false)
  if (unknown.length > 0) throw notOfFormat(`unknown columns: ${unknown.join(', ')}`)
  const missing = [...needed].filter((name) => !columns.includes(name))
  if (missing.length > 0) throw notOfFormat(`columns are missing: ${missing.join(', ')}`)
  return columns
}

function notOfFormat(message: string): HindraError {
  return new HindraError('INVALID_INPUT', message, { line: 1 })
}

/** A cell that holds a word, not a text: blanks around it mean nothing. */
export function wordIn(row: CsvRow, column: string): string | undefined {
  return own(row, column)?.trim()
}

/** Throws INVALID_INPUT. */
export function flagIn(row: CsvRow, column: string): boolean | null {
  const text = wordIn(row, column)?.toLowerCase()
  if (text === undefined) return null
  if (['1', 'true', 'yes', 't', 'y'].includes(text)) return true
  if (['0', 'false', 'no', 'f', 'n'].includes(text)) return false
  throw invalid(column, 'true or false')
}
