import { own } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import { reachOf, type Routes } from '../../route/index.ts'
import { isWritten, type Matter, MATTERS, matterOf } from './kinds.ts'

/** Somebody whom a rule tells first of what no letter to such a recipient is written of. */
export interface Unwritten {
  /** The problem in words, with the name of the rule. */
  readonly problem: string
  /** He has no address: whoever tells him by hand finds the words. */
  readonly byHand: boolean
}

const WORDS: Readonly<Record<Matter, string>> = {
  media: 'of pictures and films',
  account: 'of accounts',
  harmful: 'of what is harmful and no crime',
  words: 'of what has no URL',
}

/**
 * First notices alone: a step of the ladder that no letter is written for is passed. What leaves as a file of
 * records needs no words, and a host has letters of everything.
 * @param addresses Of whom the policy names, as the settings know them (`route.addresses`)
 */
export function unwrittenOf(
  { policy }: Pick<Routes, 'policy'>,
  addresses: Readonly<Record<string, string>>,
): readonly Unwritten[] {
  const lacking = new Map<
    string,
    { rule: string; to: string; role: string; matters: Set<Matter> }
  >()
  for (const { rule, to, role, nature, account } of reachOf(policy)) {
    const matter = matterOf(nature, { account })
    if (isWritten(role, matter, 'first')) continue
    const key = `${rule} ${to}`
    const one = lacking.get(key) ?? { rule, to, role, matters: new Set() }
    one.matters.add(matter)
    lacking.set(key, one)
  }
  const positions = new Map(policy.rules.map(({ rule }, position) => [rule, position]))
  const found = [...lacking.values()].map((one) => ({ ...one, at: positions.get(one.rule) ?? 0 }))
  found.sort((a, b) => a.at - b.at)
  return found.map(({ rule, to, role, matters, at }) => {
    const what = MATTERS.filter((matter) => matters.has(matter)).map((matter) => WORDS[matter])
    const never = MATTERS.every((matter) => !isWritten(role, matter, 'first'))
    const mend = never
      ? `a ${role} is written to where others did nothing, by the ladder`
      : `leave ${to} out there, by nature: illegal in the \`when\` of the rule or of ${to}, or by a rule before it`
    return {
      problem:
        `rules.${at} (${rule}): it can tell ${to} ${what.join(' and ')}, ` +
        `and no such first letter to ${role} is written: ${mend}`,
      // The social services of a municipality get an address while Hindra runs.
      byHand: own(addresses, to) === undefined && role !== 'social-services',
    }
  })
}

/** Throws INVALID_CONFIG where a notice would be due that no letter is written for. */
export function checkWritten(
  routes: Pick<Routes, 'policy' | 'path'>,
  addresses: Readonly<Record<string, string>>,
): void {
  const problems = unwrittenOf(routes, addresses).filter(({ byHand }) => !byHand)
  if (problems.length === 0) return
  const said = problems.map(({ problem }) => problem).join('; ')
  throw new HindraError('INVALID_CONFIG', `${routes.path}: ${said}`)
}
