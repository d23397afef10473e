import { type Principal, requirePermission } from '../access/terms.ts'
import { type Calls, callsBy, type Given } from './calls.ts'
import { checked, type Operation, type Parts } from './operation.ts'

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
  if (operation.reads !== undefined && Array.isArray(answer)) {
    // A list that has pages says behind which row this one begins.
    const { after } = input as { readonly after?: string }
    await parts.readings.noteRows(by, operation.reads, answer.length, after)
  }
  return answer
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
