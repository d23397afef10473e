import { localTime, own } from '../core/index.ts'
import { type RefusalSentence, refusalText, worded } from '../errors.ts'
import type { Language } from '../takedown/index.ts'
import type { PageProblem } from './page.ts'
import { ERRORS_SV } from './words/errors/index.ts'
import { REFUSALS_SV } from './words/refusals/index.ts'

const INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/
const TO_THE_MINUTE = 'YYYY-MM-DD HH:MM'.length

interface Reader {
  readonly language: Language
  /** In which times are told. */
  readonly timeZone: string
}

/** Why something was not done and what one can do, in the language of the reader. */
export function problemIn(
  { language, timeZone }: Reader,
  { code, message, said, remedy }: Omit<PageProblem, 'field'>,
): { readonly message: string; readonly remedy: string } {
  if (language === 'en') return { message, remedy }
  const words = ERRORS_SV[code]
  const text = said === undefined ? words.meaning : worded(REFUSALS_SV, atHome(said, timeZone))
  return { message: text, remedy: words.remedy }
}

/** The words of a refusal that holds no time, in the language of the reader. */
export function refusalIn(language: Language, said: RefusalSentence): string {
  return language === 'en' ? refusalText(said) : worded(REFUSALS_SV, said)
}

/** What went wrong with what nobody waited for, by its code, in the language of the reader. */
export function faultIn(
  language: Language,
  { code, message }: { readonly code: string; readonly message: string },
): string {
  const words = language === 'en' ? message : own(ERRORS_SV, code)?.meaning
  return words === undefined ? code : `${code}: ${words}`
}

/** The same with its times as the house tells them. */
function atHome(said: RefusalSentence, timeZone: string): RefusalSentence {
  const values = Object.entries(said).map(([name, value]): [string, unknown] => [
    name,
    typeof value === 'string' && INSTANT.test(value)
      ? localTime(Date.parse(value), timeZone).slice(0, TO_THE_MINUTE)
      : value,
  ])
  // Each value keeps its name and stays a text or a number.
  return Object.fromEntries(values) as RefusalSentence
}
