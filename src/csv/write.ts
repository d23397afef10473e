import type { Dialect } from './dialect.ts'
import { guarded } from './formulas.ts'

export type CsvCell = string | number | boolean | null | undefined

/** One row with its line end, as `readCsv` reads it back. What is null or undefined is an empty cell. */
export function csvRow(cells: readonly CsvCell[], { delimiter, newline }: Dialect): string {
  return cells.map((cell) => quoted(textOf(cell), delimiter)).join(delimiter) + newline
}

/** What a cell cannot hold outside quotes; a reader takes blanks around it away there. */
const TO_QUOTE = /^\s|["\r\n]|\s$/

/** In quotes where it must be (RFC 4180). */
function quoted(cell: string, delimiter: Dialect['delimiter']): string {
  if (!TO_QUOTE.test(cell) && !cell.includes(delimiter)) return cell
  return `"${cell.replaceAll('"', '""')}"`
}

/** What UTF-8, or a reader of text, has no place for: halves of a character, and controls within a line. */
const UNWRITABLE = /\p{Cs}|[^\P{Cc}\t\n\r]/gu

/** Numbers and truth values are ours and no formulas. */
function textOf(cell: CsvCell): string {
  if (typeof cell !== 'string') return String(cell ?? '')
  return guarded(cell.replaceAll(UNWRITABLE, '\uFFFD'))
}
