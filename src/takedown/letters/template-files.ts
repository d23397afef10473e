import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageFile } from '../../core/index.ts'
import type { Language } from '../notice.ts'
import { LETTER_ROLES, LETTER_STEPS, type LetterKind, type LetterRole, MATTERS } from './kinds.ts'

/** Holds what several letters share: `=== NAME` before each part. */
const SHARED = 'shared'
const HEADING = /^=== (.+)$/
/** A line with nothing but commands leaves no empty line behind. */
const COMMANDS = /^[ \t]*((?:<%(?![=~])(?:(?!%>).)*%>[ \t]*)+)\n/gm

/** The letters of one recipient, or the shared parts: by what the heading says, the text below it. */
export type Sections = ReadonlyMap<string, string>

/** Throws an Error that says what is wrong with the file. */
export function sharedParts(language: Language, directory: string | undefined): Sections {
  return sectionsOf(readTemplate(`${language}/${SHARED}.eta`, directory))
}

/**
 * `=== media, account: first` before each letter. Throws an Error where one has no words or two, or is none
 * that there is.
 */
export function lettersTo(
  role: LetterRole,
  language: Language,
  wanted: readonly LetterKind[],
  directory: string | undefined,
): ReadonlyMap<string, string> {
  const file = `${language}/${role}.eta`
  const found = new Map<string, string>()
  for (const [heading, text] of sectionsOf(readTemplate(file, directory))) {
    for (const key of keysOf(heading)) {
      if (found.has(key)) throw new Error(`${key} stands twice`)
      if (!wanted.some((kind) => keyOf(kind) === key)) {
        throw new Error(`there is no letter "${key}" to ${role}`)
      }
      found.set(key, text)
    }
  }
  for (const kind of wanted) {
    if (!found.has(keyOf(kind))) throw new Error(`the letter "${keyOf(kind)}" has no words`)
  }
  return found
}

export function keyOf({ matter, step }: Pick<LetterKind, 'matter' | 'step'>): string {
  return `${matter}: ${step}`
}

function keysOf(heading: string): readonly string[] {
  const [matters = '', steps = ''] = heading.split(':')
  const listed = (text: string, all: readonly string[]) =>
    text.split(',').map((part) => {
      const name = part.trim()
      if (all.includes(name)) return name
      throw new Error(`"=== ${heading}": ${name || 'nothing'} is none of ${all.join(', ')}`)
    })
  return listed(matters, MATTERS).flatMap((matter) =>
    listed(steps, LETTER_STEPS).map((step) => `${matter}: ${step}`),
  )
}

function sectionsOf(text: string): Sections {
  const sections = new Map<string, string>()
  let heading: string | undefined
  let lines: string[] = []
  const close = () => {
    if (heading !== undefined)
      sections.set(heading, `${lines.join('\n').trim()}\n`.replace(COMMANDS, '$1'))
    else if (lines.some((line) => line.trim() !== '')) {
      throw new Error('something stands before the first "=== "')
    }
  }
  for (const line of text.split('\n')) {
    const next = HEADING.exec(line)?.[1]
    if (next === undefined) lines.push(line)
    else {
      close()
      if (sections.has(next)) throw new Error(`"=== ${next}" stands twice`)
      heading = next
      lines = []
    }
  }
  close()
  return sections
}

function readTemplate(file: string, directory: string | undefined): string {
  const own = directory === undefined ? undefined : join(directory, file)
  const path = own !== undefined && existsSync(own) ? own : packageFile(`templates/${file}`)
  return readFileSync(path, 'utf8')
}

/** Throws an Error where the operator's directory holds a text that nothing uses. */
export function checkOwnFiles(language: Language, directory: string | undefined): void {
  if (directory === undefined || !existsSync(join(directory, language))) return
  const known = [SHARED, ...LETTER_ROLES].map((name) => `${name}.eta`)
  for (const file of readdirSync(join(directory, language))) {
    if (!file.endsWith('.eta') || known.includes(file)) continue
    throw new Error(`${language}/${file} is used by nothing: letters are ${known.join(', ')}`)
  }
}
