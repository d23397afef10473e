import { stringify } from 'csv-stringify/sync'
import type { Dialect } from './dialect.ts'
import { guarded } from './formulas.ts'

export type CsvCell = string | number | boolean | null | undefined

/** One row with its line end, as `readCsv` reads it back. What is null or undefined is an empty cell. */
export function csvRow(cells: readonly CsvCell[], { delimiter, newline }: Dialect): string {
  return stringify([cells.map(textOf)], {
    delimiter,
    record_delimiter: newline,
    // A reader takes blanks around a cell away where no quotes hold them; csv-stringify quotes the line
    // break of the dialect alone.
    quoted_match: /^\s|[\r\n]|\s$/,
  })
}

/** What UTF-8, or a reader of text, has no place for: halves of a character, and controls within a line. */
const UNWRITABLE = /\p{Cs}|[^\P{Cc}\t\n\r]/gu

/** Numbers and truth values are ours and no formulas. */
function textOf(cell: CsvCell): string {
  if (typeof cell !== 'string') return String(cell ?? '')
  return guarded(cell.replaceAll(UNWRITABLE, '\uFFFD'))
}
