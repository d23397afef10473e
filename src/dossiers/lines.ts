import { legible } from '../intake/index.ts'
import type { DossierWord } from './words.ts'

export type Lines = readonly string[]

/** A language, as those who write in it say things. */
export interface Tongue {
  readonly w: (word: DossierWord) => string
  readonly t: (sv: string, en: string) => string
  /** What is null is not known, which is said. */
  readonly known: (value: string | null) => string
}

/** One line of `name: value`, the values of a section below each other where the names are short. */
export function field(name: string, value: string): string {
  return `${`${name}:`.padEnd(18)} ${value}`
}

/** What others wrote as one line, so that no word of theirs can look like a heading or a field. */
export function legibleLine(text: string): string {
  return legible(text).replaceAll(/\s+/g, ' ')
}

/** What others wrote, each line of it behind a bar. */
export function quoted(text: string): Lines {
  return legible(text)
    .split('\n')
    .map((line) => `  | ${line}`.trimEnd())
}

const WIDTH = 100

/** Text of ours in lines that fit a page. */
export function wrapped(text: string): Lines {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + word.length + 1 > WIDTH) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

/** What is told of each, with an empty line between two. */
export function apart<One>(all: readonly One[], tell: (one: One) => Lines): Lines {
  return all.flatMap((one, index) => [...(index === 0 ? [] : ['']), ...tell(one)])
}
