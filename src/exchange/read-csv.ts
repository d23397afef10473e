import { parse } from 'csv-parse/sync'
import { type FeedLine, splitLines } from '../core/index.ts'
import { HindraError, toHindraError } from '../errors.ts'
import type { CsvRow } from './csv.ts'
import type { Delta } from './types.ts'

const LINE_BYTES_MAX = 1024 * 1024

/**
 * Rows of a CSV file with a header, a line each: no hash and no key is text of several lines, so a
 * stray quote costs one row alone. Throws INVALID_INPUT where the header is not understood.
 */
export async function* readCsv(
  bytes: AsyncIterable<Uint8Array>,
  isColumn: (name: string) => boolean,
  deltaOf: (row: CsvRow, line: number) => Delta,
): AsyncGenerator<Delta> {
  let columns: readonly string[] | undefined
  for await (const line of splitLines(bytes, LINE_BYTES_MAX)) {
    const text = textOf(line)
    if (columns === undefined) {
      columns = headerOf(text, isColumn)
      continue
    }
    if (text.trim() === '') continue
    yield readRow(text, line.line, columns, deltaOf)
  }
}

function readRow(
  text: string,
  line: number,
  columns: readonly string[],
  deltaOf: (row: CsvRow, line: number) => Delta,
): Delta {
  try {
    const cells = cellsOf(text)
    if (cells.length > columns.length) {
      throw new HindraError('INVALID_INPUT', `there are more than ${columns.length} columns`, {
        field: 'row',
      })
    }
    const filled = columns.flatMap((name, position) => {
      const cell = cells[position]?.trim()
      return cell === undefined || cell === '' ? [] : [[name, cell] as const]
    })
    return deltaOf(Object.fromEntries(filled), line)
  } catch (error) {
    const { field = 'row', message } = toHindraError(error)
    return { change: 'refused', line, field, message }
  }
}

function headerOf(text: string, isColumn: (name: string) => boolean): readonly string[] {
  const columns = cellsOf(text).map((name) => name.trim().toLowerCase())
  const unknown = columns.filter((name) => !isColumn(name))
  if (unknown.length === 0 && columns.length > 0) return columns
  throw new HindraError('INVALID_INPUT', `unknown columns: ${unknown.join(', ') || 'no header'}`, {
    line: 1,
  })
}

function cellsOf(text: string): readonly string[] {
  if (!text.includes('"')) return text.replace(/\r$/, '').split(',')
  try {
    return parse(text)[0] ?? []
  } catch (cause) {
    throw new HindraError('INVALID_INPUT', 'a quote is out of place', { field: 'row', cause })
  }
}

function textOf({ bytes }: FeedLine): string {
  return Buffer.from(bytes ?? []).toString('utf8')
}
