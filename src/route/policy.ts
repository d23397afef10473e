import { own } from '../core/index.ts'
import { type PolicyFiles, readPolicyFile } from '../policy/index.ts'
import { type Policy, policySchema, TRACED } from './policy-schema.ts'

export const ROUTES_FILE = 'routes.yaml'

/** Throws INVALID_CONFIG with every problem of the file at once. */
export function readPolicy(files: Pick<PolicyFiles, 'read'>): Policy {
  return readPolicyFile(files, ROUTES_FILE, policySchema, contradictions)
}

/** What no type can say. */
function contradictions({ rules, recipients, inDanger, withoutUrl }: Policy): string[] {
  const known = new Set<string>([...TRACED, ...Object.keys(recipients)])
  const problems = Object.keys(recipients)
    .filter((name) => TRACED.some((traced) => traced === name))
    .map((name) => `recipients.${name}: the trace finds ${name}; choose another name`)
  for (const to of inDanger.call) {
    if (own(recipients, to) !== undefined) continue
    problems.push(`inDanger.call: ${to} is none of recipients, and nobody else is called`)
  }
  for (const [position, { rule, when, tell }] of withoutUrl.entries()) {
    const at = `withoutUrl.${position} (${rule})`
    if (own(recipients, tell)?.role !== 'police') {
      problems.push(
        `${at}: ${tell} is none of recipients with the role police, and nobody else is told`,
      )
    }
    if ((position === withoutUrl.length - 1) !== (when === undefined)) {
      problems.push(`${at}: the last rule has no \`when\`, and all before it have one`)
    }
  }
  const seen = new Set<string>()
  for (const [position, { rule, when, tell }] of rules.entries()) {
    const at = `rules.${position} (${rule})`
    if (seen.has(rule)) problems.push(`${at}: there is a rule of that name before it`)
    seen.add(rule)
    const isLast = position === rules.length - 1
    if (isLast && when !== undefined) {
      problems.push(`${at}: the last rule has no \`when\`, so that every case is decided`)
    }
    if (!isLast && when === undefined) {
      problems.push(`${at}: without \`when\` it fits always, and no rule behind it is ever reached`)
    }
    let policeBefore = false
    for (const { to, hold, when: only } of tell) {
      if (!known.has(to)) {
        problems.push(`${at}: nobody is called ${to}; known are ${[...known].join(', ')}`)
      }
      if (hold !== undefined && !policeBefore) {
        problems.push(`${at}: ${to} waits for the police, who are not told before`)
      }
      policeBefore ||= only === undefined && own(recipients, to)?.role === 'police'
    }
  }
  return problems
}
