import { HOME, UNKNOWN, type When } from './policy-schema.ts'
import type { ConditionTrial, Facts, RuleTrial } from './routing.ts'

export type Fit = Omit<RuleTrial, 'rule'>

/** Tries every condition, also after one has failed, so that the explanation is complete. */
export function fit(when: When | undefined, facts: Facts, home: string): Fit {
  if (when === undefined) return { fits: true, because: ['it fits always'], conditions: [] }
  const { any, ...all } = when
  const results = Object.entries(all).flatMap(([name, wanted]) =>
    wanted === undefined ? [] : [one(name as keyof Facts, wanted, facts, home)],
  )
  if (any !== undefined) results.push(oneOf(any.map((choice) => fit(choice, facts, home))))
  return {
    fits: results.every(({ fits }) => fits),
    ...together(results),
  }
}

function one(name: keyof Facts, wanted: unknown, facts: Facts, home: string): Fit {
  const found = facts[name] ?? UNKNOWN
  const choices = Array.isArray(wanted) ? (wanted as readonly unknown[]) : [wanted]
  const fits = choices.some((choice) => found === (choice === HOME ? home : choice))
  const asked = choices.map((choice) => (choice === HOME ? `home (${home})` : String(choice)))
  const relation = fits ? 'is' : 'is not'
  const value = fits && asked.length === 1 ? '' : `: it is ${String(found)}`
  const values = choices.map((choice) => (choice === HOME ? home : String(choice)))
  const condition: ConditionTrial = { name, fits, wanted: values, found: String(found) }
  return {
    fits,
    because: [`${name} ${relation} ${asked.join(' or ')}${value}`],
    conditions: [condition],
  }
}

/** One of those that fit the reasons; where none does, of all. */
function oneOf(choices: readonly Fit[]): Fit {
  const fitting = choices.filter(({ fits }) => fits)
  const told = fitting.length > 0 ? fitting : choices
  return { fits: fitting.length > 0, ...together(told) }
}

function together(fits: readonly Fit[]): Pick<Fit, 'because' | 'conditions'> {
  return {
    because: fits.flatMap(({ because }) => because),
    conditions: fits.flatMap(({ conditions }) => conditions),
  }
}
