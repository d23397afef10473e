import type { PageLanguage } from '../page.ts'
import { english } from './en.ts'
import { swedish } from './sv.ts'
import type { Words } from './words.ts'

export type { Words } from './words.ts'

const WORDS: Readonly<Record<PageLanguage, Words>> = { sv: swedish, en: english }

export function wordsOf(language: PageLanguage): Words {
  return WORDS[language]
}
