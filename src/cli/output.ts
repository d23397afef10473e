import type { Writable } from 'node:stream'
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
  const lines = [head, ...rows.map((row) => row.map(shown))]
  const widths = head.map((_title, at) =>
    lines.reduce((most, line) => Math.max(most, widthOf(line[at] ?? '')), 0),
  )
  return lines
    .map((line) => line.map((cell, at) => padded(cell, (widths[at] ?? 0) + GAP)).join(''))
    .map((line) => line.trimEnd())
    .join('\n')
}

/** Columns of a terminal between those of a table. */
const GAP = 2
const TAKES_ONE_EACH = /^[ -~]*$/
const TAKES_NONE = /\p{M}/gu
/** East Asian Width "wide", and what is shown as a picture, by itself or because U+FE0F says so. */
const TAKES_TWO =
  /[\u1100-\u115f\u3000-\u303e\u3041-\u33ff\uac00-\ud7a3\uff01-\uff60\p{sc=Han}\p{Emoji_Presentation}\ufe0f]/gu

/** How many columns of a terminal a text takes, but for rare characters on which terminals differ. */
function widthOf(text: string): number {
  if (TAKES_ONE_EACH.test(text)) return text.length
  const standing = text.replaceAll(TAKES_NONE, '')
  return Array.from(standing).length + Array.from(text.matchAll(TAKES_TWO)).length
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}

/** One record as `name  value` lines. */
export function fields(record: Readonly<Record<string, TableCell>>): string {
  const width = Math.max(...Object.keys(record).map((name) => name.length))
  return Object.entries(record)
    .map(([name, value]) => `${name.padEnd(width)}  ${shown(value)}`)
    .join('\n')
}
