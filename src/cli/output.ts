import { createRequire } from 'node:module'
import type { Writable } from 'node:stream'
import type Table from 'cli-table3'
import { ERRORS, type HindraError } from '../errors.ts'

/** What a command says: answers on standard output, everything else on standard error. */
export interface Output {
  readonly asJson: boolean
  /** One document with --json, else what `human` makes of it. */
  answer<Value>(value: Value, human: (value: Value) => string): void
  /** One line: of NDJSON with --json, else what `human` makes of it; nothing without `human`. */
  row<Value>(value: Value, human: ((value: Value) => string) | undefined): void
  /** Tells people something, on standard error. */
  readonly note: (text: string) => void
  /** `CODE: message` and the remedy, on standard error. */
  failure(error: HindraError): void
}

export function createOutput(stdout: Writable, stderr: Writable, asJson: boolean): Output {
  return {
    asJson,
    answer(value, human) {
      stdout.write(`${asJson ? JSON.stringify(value, null, 2) : human(value)}\n`)
    },
    row(value, human) {
      if (asJson) stdout.write(`${JSON.stringify(value)}\n`)
      else if (human !== undefined) stdout.write(`${human(value)}\n`)
    },
    note(text) {
      stderr.write(`${text}\n`)
    },
    failure(error) {
      stderr.write(`${error.code}: ${printable(error.message)}\n  ${ERRORS[error.code].remedy}\n`)
    },
  }
}

/** Control characters and text-direction marks: they could move the cursor or disguise a name. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** What others wrote, as it may be shown on a terminal. */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, '\u{fffd}')
}

export type TableCell = string | number | boolean | null | undefined

function shown(cell: TableCell): string {
  return cell === null || cell === undefined ? '-' : printable(String(cell))
}

/** Rows under headings, without ruling; says so where there are none. */
export function table(head: readonly string[], rows: readonly (readonly TableCell[])[]): string {
  if (rows.length === 0) return 'nothing'
  // Loaded where there is a table: help and JSON have none.
  const load = createRequire(import.meta.url)
  const Ruled = load('cli-table3') as typeof Table
  const ruled = new Ruled({
    head: [...head],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: '',
    },
  })
  for (const row of rows) ruled.push(row.map(shown))
  return ruled
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

/** One record as `name  value` lines. */
export function fields(record: Readonly<Record<string, TableCell>>): string {
  const width = Math.max(...Object.keys(record).map((name) => name.length))
  return Object.entries(record)
    .map(([name, value]) => `${name.padEnd(width)}  ${shown(value)}`)
    .join('\n')
}
