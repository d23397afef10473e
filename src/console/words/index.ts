import type { Language } from '../../takedown/index.ts'
import { english } from './en.ts'
import { swedish } from './sv.ts'
import type { ConsoleWords } from './words.ts'

export type { ConsoleWords } from './words.ts'

const WORDS: Readonly<Record<Language, ConsoleWords>> = { sv: swedish, en: english }

export function wordsOf(language: Language): ConsoleWords {
  return WORDS[language]
}
