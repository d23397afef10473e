import { own } from '../../core/index.ts'
import type { ConditionTrial } from '../../route/index.ts'
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

const TRUTHS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
])

/** What a rule was tried with: each condition, what was found, and what it wants where that differs. */
export function triedText(trials: readonly ConditionTrial[], words: PolicyWords): string {
  if (trials.length === 0) return words.always
  return trials
    .map(({ name, fits, wanted, found }) => {
      const told = conditionText(name, TRUTHS.get(found) ?? found, words)
      return fits
        ? told
        : `${told} (${words.wanted}: ${wanted.map((one) => valueText(one, words)).join(` ${words.or} `)})`
    })
    .join('; ')
}

function valueText(value: unknown, words: PolicyWords): string {
  if (value === 'true' || value === true) return words.yes
  if (value === 'false' || value === false) return words.no
  return own(words.values, String(value)) ?? String(value)
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
  const said = values.map((value) => valueText(value, words))
  return `${called}: ${said.join(` ${words.or} `)}`
}
