import { own } from '../../core/index.ts'
import { COMMAS, csvRecords } from '../../csv/index.ts'
import { HindraError, toHindraError } from '../../errors.ts'
import type { Delta } from '../delta.ts'

/** Cells by column in lower case, as they are written; what is blank is not there. */
export type CsvRow = Readonly<Partial<Record<string, string>>>

/** Rows of a CSV file with a header. Throws INVALID_INPUT where the header is not understood. */
export async function* readRows(
  bytes: AsyncIterable<Uint8Array>,
  known: ReadonlySet<string>,
  deltaOf: (row: CsvRow, line: number) => Delta,
): AsyncGenerator<Delta> {
  let columns: readonly string[] | undefined
  for await (const { line, cells, fault } of csvRecords(bytes, COMMAS)) {
    if (columns === undefined) columns = columnsIn(cells, known)
    else if (cells === undefined) {
      yield { change: 'refused', line, field: 'row', message: fault }
    } else yield deltaIn(cells, line, columns, deltaOf)
  }
}

function deltaIn(
  cells: readonly string[],
  line: number,
  columns: readonly string[],
  deltaOf: (row: CsvRow, line: number) => Delta,
): Delta {
  try {
    if (cells.length > columns.length) {
      throw new HindraError('INVALID_INPUT', `there are more than ${columns.length} columns`, {
        field: 'row',
      })
    }
    const filled = columns.flatMap((name, position) => {
      const cell = cells[position] ?? ''
      return cell.trim() === '' ? [] : [[name, cell] as const]
    })
    return deltaOf(Object.fromEntries(filled), line)
  } catch (error) {
    const { field = 'row', message } = toHindraError(error)
    return { change: 'refused', line, field, message }
  }
}

function columnsIn(
  cells: readonly string[] | undefined,
  known: ReadonlySet<string>,
): readonly string[] {
  const columns = (cells ?? []).map((name) => name.trim().toLowerCase())
  const unknown = columns.filter((name) => !known.has(name))
  if (unknown.length === 0 && columns.length > 0) return columns
  throw new HindraError('INVALID_INPUT', `unknown columns: ${unknown.join(', ') || 'no header'}`, {
    line: 1,
  })
}

/** A cell that holds a word, not a text: blanks around it mean nothing. */
export function wordIn(row: CsvRow, column: string): string | undefined {
  return own(row, column)?.trim()
}

/** Throws INVALID_INPUT. */
export function flagIn(row: CsvRow, column: string): boolean | null {
  const text = wordIn(row, column)?.toLowerCase()
  if (text === undefined) return null
  if (['1', 'true', 'yes', 'y'].includes(text)) return true
  if (['0', 'false', 'no', 'n'].includes(text)) return false
  throw invalid(column, 'true or false')
}

export function invalid(field: string, message: string): HindraError {
  return new HindraError('INVALID_INPUT', `${field}: ${message}`, { field })
}
