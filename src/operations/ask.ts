import { type Principal, requirePermission } from '../access/terms.ts'
import { type Calls, callsBy, type Given } from './calls.ts'
import { checked, type Operation, type Parts, type Reading } from './operation.ts'

/**
 * What an operation answers to somebody: refused (FORBIDDEN) unless a role of theirs allows it, its input checked
 * (INVALID_INPUT); where it shows what is sealed, that is in the audit before they have it.
 *
 * @param given Unchecked: the fields of path, query and body
 */
export async function ask(
  parts: Parts,
  operation: Operation,
  by: Principal,
  given: unknown,
): Promise<unknown> {
  if (operation.needs !== 'signed-in') requirePermission(by, operation.needs)
  const input = checked(operation.input, given)
  const answer = await operation.run(parts, by, input)
  if (operation.reads !== undefined) await note(parts, operation.reads, by, input, answer)
  return answer
}

/** Whom a single record was shown to by its id, of a list how many rows and behind which one. */
async function note(
  { readings }: Parts,
  [shape, action]: Reading,
  by: Principal,
  input: unknown,
  answer: unknown,
): Promise<void> {
  const { id, after } = input as { readonly id?: string; readonly after?: string }
  if (shape === 'one') await readings.noteOne(by, action, id ?? '')
  else await readings.noteRows(by, action, (answer as readonly unknown[]).length, after)
}

/**
 * Every operation for one principal, in this process: the same calls as a client has over the network, and the same
 * refusals.
 *
 * @example
 * await callsFor(parts, principal).cases.show({ id })
 */
export function callsFor(parts: Parts, by: Principal): Calls {
  return callsBy((operation) => {
    const call = (input: Given = {}) => {
      const told = Object.entries(input).filter(([, value]) => value !== undefined)
      return ask(parts, operation, by, Object.fromEntries(told))
    }
    const page = async (input: Given) => {
      const rows = await call(input)
      const total = Array.isArray(rows) ? parts.engine.totalOf(rows) : undefined
      return { rows, total: total ?? null }
    }
    return Object.assign(call, { page })
  })
}
