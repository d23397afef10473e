import { parse } from 'csv-parse/sync'
import { type Dialect, ROW_CHARS_MAX } from './dialect.ts'
import { unguarded } from './formulas.ts'

/** One row, or what is wrong with it. */
export type CsvRecord =
  | { readonly line: number; readonly cells: readonly string[]; readonly fault?: never }
  | { readonly line: number; readonly cells?: never; readonly fault: string }

/** A row as it is written. */
type Row =
  | { readonly line: number; readonly text: string; readonly fault?: never }
  | { readonly line: number; readonly text?: never; readonly fault: string }

/**
 * Rows of a CSV text, piece by piece: a line break within quotes ends no row, so that no cell can pass
 * for a row of its own. A row whose quotes are out of place is a fault alone; one that is too long, or
 * that opens a quote which nothing closes, ends the reading, for nobody can tell what lies behind it.
 * csv-parse would do this by itself with `skip_records_with_error`, but version 7 drops what is left of a
 * piece where it skips a row for its length or for text behind a quote.
 */
export class CsvReader {
  readonly #delimiter: string
  /** What has come of the line that is not whole. */
  #piece = ''
  /** Lines of the row that is not whole: they end within quotes. */
  #lines: string[] = []
  #chars = 0
  #line = 0
  #isOpen = false
  #isOver = false

  constructor({ delimiter }: Pick<Dialect, 'delimiter'>) {
    this.#delimiter = delimiter
  }

  /** Whether nothing more is read, whatever comes. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** The rows that end in the piece. */
  push(text: string): CsvRecord[] {
    const rows: Row[] = []
    let start = 0
    while (!this.#isOver) {
      const end = text.indexOf('\n', start)
      this.#piece += text.slice(start, end === -1 ? undefined : end)
      if (this.#chars + this.#piece.length > ROW_CHARS_MAX) this.#stop(rows, TOO_LONG)
      if (end === -1) break
      this.#take(rows)
      start = end + 1
    }
    return recordsOf(rows, this.#delimiter)
  }

  /** The last row, where the text ends without a line break. */
  end(): CsvRecord[] {
    const rows: Row[] = []
    this.#take(rows)
    if (!this.#isOver && this.#isOpen) this.#stop(rows, UNCLOSED)
    return recordsOf(rows, this.#delimiter)
  }

  #take(rows: Row[]): void {
    if (this.#isOver) return
    const piece = this.#piece
    this.#piece = ''
    this.#line += 1
    this.#chars += piece.length + 1
    this.#lines.push(piece)
    this.#isOpen = isOpenBehind(piece, this.#isOpen, this.#delimiter)
    if (this.#isOpen) return
    const text = this.#lines.join('\n').replace(/\r$/, '')
    const line = this.#first()
    this.#lines = []
    this.#chars = 0
    if (text.trim() !== '') rows.push({ line, text })
  }

  #stop(rows: Row[], fault: string): void {
    this.#isOver = true
    rows.push({ line: this.#first(), fault })
  }

  /** The line in which the row begins that is not whole. */
  #first(): number {
    return this.#line - this.#lines.length + 1
  }
}

const TOO_LONG = `the row is longer than ${ROW_CHARS_MAX} characters: nothing behind it is read`
const UNCLOSED = 'a quote is opened that nothing closes: nothing behind it is read'
const MISPLACED = 'a quote is out of place'

/** The rows of a stream of UTF-8, each chunk of which holds whole characters (`utf8Of`). */
export async function* csvRecords(
  bytes: AsyncIterable<Uint8Array>,
  dialect: Dialect,
): AsyncGenerator<CsvRecord> {
  const reader = new CsvReader(dialect)
  for await (const chunk of bytes) {
    yield* reader.push(Buffer.from(chunk).toString('utf8'))
    if (reader.isOver) return
  }
  yield* reader.end()
}

/**
 * The rows of a text whose cells are words, as people write them by hand: a quote that nothing closes costs
 * its own line, and from there on a row ends with its line. Lines may end in a carriage return alone.
 */
export function readCsv(csv: string, dialect: Dialect): readonly CsvRecord[] {
  const text = csv.replaceAll(/\r\n?/g, '\n')
  const reader = new CsvReader(dialect)
  const records = [...reader.push(text), ...reader.end()]
  const last = records.at(-1)
  if (last?.fault !== UNCLOSED) return records
  const rest = text.split('\n').slice(last.line)
  const rows = rest.map((row, position) => ({ line: last.line + 1 + position, text: row }))
  const readable = rows.filter((row) => row.text.trim() !== '')
  return [
    ...records.slice(0, -1),
    { line: last.line, fault: MISPLACED },
    ...recordsOf(readable, dialect.delimiter),
  ]
}

/** Whether a line ends within quotes. A quote opens a cell at its beginning alone. */
function isOpenBehind(line: string, isOpen: boolean, delimiter: string): boolean {
  let open = isOpen
  for (let at = line.indexOf('"'); at !== -1; at = line.indexOf('"', at + 1)) {
    if (!open) open = isAtStart(line, at, delimiter)
    else if (line[at + 1] === '"') at += 1
    else open = false
  }
  return open
}

function isAtStart(line: string, at: number, delimiter: string): boolean {
  let before = at - 1
  while (before >= 0 && line[before]?.trim() === '') before -= 1
  return before < 0 || line[before] === delimiter
}

/** Rows with quotes are parsed all at once, for csv-parse takes 0.2 ms to begin; one by one where that fails. */
function recordsOf(rows: readonly Row[], delimiter: string): CsvRecord[] {
  const quoted = rows.flatMap(({ text }) => (text?.includes('"') === true ? [text] : []))
  const parsed = quoted.length === 0 ? [] : parsedRows(quoted, delimiter)
  let next = 0
  return rows.map(({ line, text, fault }) => {
    if (text === undefined) return { line, fault }
    if (!text.includes('"')) {
      return { line, cells: text.split(delimiter).map((cell) => unguarded(cell.trim())) }
    }
    const cells = parsed === undefined ? parsedRows([text], delimiter)?.[0] : parsed[next]
    next += 1
    return cells === undefined ? { line, fault: MISPLACED } : { line, cells: cells.map(unguarded) }
  })
}

/** The cells of each row; undefined where the quotes of one are out of place. */
function parsedRows(rows: readonly string[], delimiter: string): string[][] | undefined {
  try {
    const parsed = parse(rows.join('\n'), {
      delimiter,
      record_delimiter: '\n',
      relax_column_count: true,
      trim: true,
    })
    return parsed.length === rows.length ? parsed : undefined
  } catch {
    return undefined
  }
}
