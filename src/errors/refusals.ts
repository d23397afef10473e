import { CASES_REFUSALS } from './refusals/cases.ts'
import { KNOWN_REFUSALS } from './refusals/known.ts'
import { NOTICES_REFUSALS } from './refusals/notices.ts'
import { PEOPLE_REFUSALS } from './refusals/people.ts'
import { FIELD_REFUSALS } from './refusals/fields.ts'
import { type Sentence, type Sentences, worded } from './sentence.ts'

/** What a caller is told of a refusal beyond its code: in English here, in other languages by whoever shows it. */
export const REFUSALS = {
  ...FIELD_REFUSALS,
  ...CASES_REFUSALS,
  ...NOTICES_REFUSALS,
  ...PEOPLE_REFUSALS,
  ...KNOWN_REFUSALS,
} as const satisfies Sentences

export type RefusalSentence = Sentence<typeof REFUSALS>

export function refusalText(refusal: RefusalSentence): string {
  return worded(REFUSALS, refusal)
}
