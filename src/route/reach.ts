import { own } from '../core/index.ts'
import { CLASSIFICATIONS, isCrime } from '../register/index.ts'
import { HOME, type Policy, type Rule, type ToldRecipient, type When } from './policy-schema.ts'
import type { Facts } from './routing.ts'
import type { RecipientRole } from './recipient.ts'

/** Somebody whom a rule tells first, and of what. */
export interface Reach {
  readonly rule: string
  /** What the rule calls him. */
  readonly to: string
  readonly role: RecipientRole
  readonly nature: Facts['nature']
  readonly account: boolean
}

type Condition = Exclude<keyof When, 'any'>
type Value = string | boolean
/** A place, or the name of a host, that is none of these. */
type NoneOf = ReadonlySet<Value>
/** What is known of a case, with places as the policy writes them. */
type Known = Readonly<Partial<Record<Condition, Value | NoneOf>>>

const HOSTS: readonly Facts['host'][] = ['provider', 'platform', 'proxy', 'onion']

/**
 * What everybody whom the policy itself names can be told first: each rule is tried with every kind of case that no
 * rule before it decides. Facts that hang together in the world (a hotline works in some countries only) are taken to
 * be free of each other.
 */
export function reachOf({ rules, recipients, home }: Policy): readonly Reach[] {
  const found = new Map<string, Reach>()
  for (const classification of CLASSIFICATIONS) {
    for (const account of [false, true]) {
      const nature = isCrime(classification) ? 'illegal' : 'harmful'
      decide({ classification, nature, account }, 0, { nature, account })
    }
  }
  return [...found.values()]

  /** The rules from this one on, of a case that no rule before it fits. */
  function decide(known: Known, position: number, matter: Pick<Reach, 'nature' | 'account'>): void {
    const rule = rules[position]
    if (rule === undefined) return
    branch(rule.when, known, (now, fits) => {
      if (!fits) {
        decide(now, position + 1, matter)
        return
      }
      for (const told of rule.tell) note(rule, told, now, matter)
    })
  }

  function note(
    { rule }: Rule,
    { to, when }: ToldRecipient,
    known: Known,
    matter: Pick<Reach, 'nature' | 'account'>,
  ): void {
    const role = own(recipients, to)?.role
    const key = `${rule} ${to} ${matter.nature} ${matter.account}`
    if (role === undefined || found.has(key)) return
    branch(when, known, (_now, fits) => {
      if (fits) found.set(key, { rule, to, role, ...matter })
    })
  }

  /** Every way in which a condition can turn out. */
  function branch(
    when: When | undefined,
    known: Known,
    then: (known: Known, fits: boolean) => void,
  ): void {
    const result = tried(when, known, home)
    if (typeof result === 'boolean') {
      then(known, result)
      return
    }
    for (const value of valuesOf(result, known, when, home)) {
      branch(when, { ...known, [result]: value }, then)
    }
  }
}

/** Whether the case fits; where that cannot be told yet, a fact that it hangs on. */
function tried(when: When | undefined, known: Known, home: string): boolean | Condition {
  if (when === undefined) return true
  const { any, ...all } = when
  let open: Condition | undefined
  for (const [name, wanted] of conditionsOf(all, home)) {
    const value = known[name]
    const isOpen =
      value === undefined || (typeof value === 'object' && wanted.some((one) => !value.has(one)))
    if (isOpen) open ??= name
    else if (typeof value === 'object' || !wanted.includes(value)) return false
  }
  if (any !== undefined) {
    const results = any.map((one) => tried(one, known, home))
    if (results.every((result) => result === false)) return false
    if (!results.includes(true)) {
      open ??= results.find((result): result is Condition => typeof result === 'string')
    }
  }
  return open ?? true
}

function conditionsOf(
  all: Omit<When, 'any'>,
  home: string,
): readonly (readonly [Condition, readonly Value[]])[] {
  return (Object.keys(all) as Condition[]).flatMap((name) => {
    const wanted = all[name]
    if (wanted === undefined) return []
    const listed: readonly Value[] = Array.isArray(wanted) ? wanted : [wanted]
    return [[name, listed.map((value) => (value === HOME ? home : value))] as const]
  })
}

/** Everything that a fact can be, as far as this condition tells it apart. */
function valuesOf(
  name: Condition,
  known: Known,
  when: When | undefined,
  home: string,
): readonly (Value | NoneOf)[] {
  switch (name) {
    case 'host':
      return HOSTS
    case 'hostName':
    case 'country':
    case 'child':
    case 'offender': {
      const before = known[name]
      const none = typeof before === 'object' ? before : new Set<Value>()
      const asked = askedFor(name, when, home)
      return [...asked.filter((value) => !none.has(value)), new Set([...none, ...asked])]
    }
    default:
      return [false, true]
  }
}

function askedFor(name: Condition, when: When | undefined, home: string): readonly Value[] {
  const { any = [], ...all } = when ?? {}
  const here = conditionsOf(all, home).flatMap(([one, wanted]) => (one === name ? wanted : []))
  return [...new Set([...here, ...any.flatMap((one) => askedFor(name, one, home))])]
}
