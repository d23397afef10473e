import { own } from '../../core/index.ts'
import type { ConsoleWords } from '../words/index.ts'

type PolicyWords = ConsoleWords['policy']
/** A condition of the policy: one value, one of several, or one of several conditions. */
type Conditions = Readonly<Record<string, unknown>>

/** When a rule fits, in one line. */
export function conditionsText(when: Conditions | undefined, words: PolicyWords): string {
  if (when === undefined) return words.always
  return Object.entries(when)
    .filter(([, wanted]) => wanted !== undefined)
    .map(([name, wanted]) => conditionText(name, wanted, words))
    .join('; ')
}

function conditionText(name: string, wanted: unknown, words: PolicyWords): string {
  if (name === 'any') {
    const choices = (wanted as readonly Conditions[]).map((one) => conditionsText(one, words))
    return words.anyOf(choices.join(` ${words.or} `))
  }
  const called = own(words.conditions, name) ?? name
  if (wanted === true) return called
  if (wanted === false) return words.not(called)
  const values = Array.isArray(wanted) ? (wanted as readonly unknown[]) : [wanted]
  const said = values.map((value) => own(words.values, String(value)) ?? String(value))
  return `${called}: ${said.join(` ${words.or} `)}`
}
