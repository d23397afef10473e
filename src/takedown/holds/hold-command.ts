import { isoTime, momentsOf, own } from '../../core/index.ts'
import type { HoldWish } from './hold-types.ts'
import { takeWord } from './reply-word.ts'

/**
 * What the police say of a hold in their own words of a reply. `none`: nothing. `unclear`: something that a
 * person must read.
 */
export type HoldCommand =
  | { readonly kind: 'none' | 'unclear' | 'no-such-time' }
  | {
      readonly kind: 'said'
      readonly wish: HoldWish
      /** UTC ISO 8601; of `wait` alone. */
      readonly until: string | null
      readonly word: string | null
      readonly theirNumber: string | null
    }

const LINES_MAX = 40
/** The command is among the first lines, and what bears on it is near it: footers say "not" of other things. */
const FIRST_LINES = 10
const NEAR_LINES = 5
const LINE_MAX = 200
const NUMBER_MAX = 60
const WAIT = ['vänta till', 'wait until']
const WISHES: Readonly<Record<string, HoldWish>> = {
  klart: 'release',
  done: 'release',
  förbjud: 'forbid',
  forbid: 'forbid',
}
/** A line that begins so says the number under which the police know it. */
const NUMBERS = [
  ...['ärende', 'ärendenummer', 'diarienummer', 'dnr', 'k-nummer', 'k-nr', 'referens'],
  ...['reference', 'our reference', 'case', 'case number', 'ref'],
]
/** Words beside a command that may mean the opposite of it, or something that it does not say. */
const DOUBTS = new Set([
  ...['inte', 'ej', 'icke', 'vänta', 'avvakta', 'klart', 'klar', 'förbjud', 'förbjuder', 'utom'],
  ...['men', 'not', "don't", 'wait', 'done', 'forbid', 'but', 'except'],
])
/** What speaks of a hold, though not in a form that is understood. */
const SPEAKS = [
  ...['vänta', 'avvakta', 'klart', 'klar', 'förbjud', 'wait', 'hold', 'done', 'forbid', 'release'],
]

/**
 * Reads a reply line by line: `vänta till 2026-12-01 12:00` or `wait until ...`, `klart` or `done`, `förbjud` or
 * `forbid`, one of them on a line of its own, with the word of the letter there or on another line. A second
 * command, or a line that casts doubt on it, makes it unclear, and so changes nothing. A time that the clock
 * shows twice means the later one: waiting an hour too long warns nobody.
 *
 * @param ownWords Without quotes
 */
export function readHoldCommand(ownWords: string, timeZone: string): HoldCommand {
  const lines = ownLines(ownWords).map((line) => {
    const { word, rest } = takeWord(line)
    return { word, rest, command: commandOf(rest), number: numberOf(rest) }
  })
  const at = lines.findIndex(({ command }) => command !== undefined)
  const command = lines[at]?.command
  if (command === undefined || at >= FIRST_LINES) {
    const isAbout = lines.slice(0, FIRST_LINES).some(({ rest }) => speaks(rest))
    return { kind: isAbout || command !== undefined ? 'unclear' : 'none' }
  }
  const near = lines.slice(0, at + 1 + NEAR_LINES)
  const isDoubted = near.some(
    ({ rest, number }, line) => line !== at && number === undefined && isDoubt(rest),
  )
  const commands = lines.filter((line) => line.command !== undefined)
  if (commands.length > 1 || isDoubted) return { kind: 'unclear' }
  const word = near.find((line) => line.word !== null)?.word ?? null
  const theirNumber = near.find(({ number }) => number !== undefined)?.number ?? null
  const { wish, time } = command
  if (time === null) return { kind: 'said', wish, until: null, word, theirNumber }
  const moments = momentsOf(time, timeZone)
  if (moments === undefined) return { kind: 'unclear' }
  const last = moments.at(-1)
  if (last === undefined) return { kind: 'no-such-time' }
  return { kind: 'said', wish, until: isoTime(last), word, theirNumber }
}

/** Up to the signature; what mail programs make of spaces and umlauts is made plain again. */
function ownLines(text: string): readonly string[] {
  const lines: string[] = []
  for (const line of text.normalize('NFC').split('\n')) {
    const plain = line.slice(0, LINE_MAX).replace(/\s/g, ' ').replace(/ {2,}/g, ' ').trim()
    if (plain === '--' || lines.length === LINES_MAX) break
    if (plain !== '') lines.push(plain)
  }
  return lines
}

function commandOf(line: string): { wish: HoldWish; time: string | null } | undefined {
  const words = line.toLowerCase()
  const said = /[.!]$/.test(words) ? words.slice(0, -1).trim() : words
  const start = WAIT.find((form) => said.startsWith(`${form} `))
  if (start !== undefined) return { wish: 'wait', time: said.slice(start.length + 1) }
  const wish = own(WISHES, said)
  return wish && { wish, time: null }
}

function numberOf(line: string): string | undefined {
  const colon = line.indexOf(':')
  if (colon < 0 || !NUMBERS.includes(line.slice(0, colon).trim().toLowerCase())) return undefined
  return (
    line
      .slice(colon + 1)
      .trim()
      .slice(0, NUMBER_MAX) || undefined
  )
}

function isDoubt(line: string): boolean {
  return wordsOf(line).some((word) => DOUBTS.has(word))
}

function speaks(line: string): boolean {
  return wordsOf(line).some((word) => SPEAKS.includes(word))
}

function wordsOf(line: string): readonly string[] {
  return line.toLowerCase().match(/[\p{L}']+/gu) ?? []
}
