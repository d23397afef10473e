import { toHindraError } from '../errors.ts'
import type { Gates } from '../known/index.ts'
import {
  type Finding,
  hashSetOf,
  type KnownHashSet,
  type List,
  primaryKey,
  withUntoldQuality,
} from '../register/index.ts'
import { type Delta, type Deletion, type Put, type Refusal, refusalFor } from './delta.ts'

/** A line with all that can be found out about it before the transaction that applies it. */
export type Prepared = PreparedPut | Deletion | Refusal

export interface PreparedPut extends Omit<Put, 'hashes' | 'kind'> {
  readonly key: string
  readonly set: KnownHashSet
  readonly findings: readonly Finding[]
}

/**
 * What is wrong with one line, and not with the import. Nothing was written for it yet. A damaged item is not made
 * anew of what its list says: people may have retracted it, which nobody can read any more.
 */
const LINE_ERRORS = new Set(['INVALID_INPUT', 'HASH_INVALID', 'CONFLICT', 'STORE_CORRUPT'])

/** Throws what is no fault of the line. */
export function refusalOf(at: Pick<Refusal, 'line' | 'key'>, error: unknown): Refusal {
  const fault = toHindraError(error)
  if (!LINE_ERRORS.has(fault.code)) throw error
  return refusalFor(at, fault)
}

/** The lines in their order, each with what the gates find, all of them looked for at once. */
export async function prepare(
  gates: Gates,
  list: Pick<List, 'kind' | 'untoldQuality'>,
  deltas: readonly Delta[],
): Promise<readonly Prepared[]> {
  const read = deltas.map((delta) => withHashSet(delta, list))
  const puts = read.filter((line) => line.change === 'put')
  const found = await gates.inspect(
    list,
    puts.map(({ set }) => set),
  )
  const findings = new Map(puts.map((put, position) => [put, found[position] ?? []]))
  return read.map((line) =>
    line.change === 'put' ? { ...line, findings: findings.get(line) ?? [] } : line,
  )
}

function withHashSet(
  delta: Delta,
  list: Pick<List, 'untoldQuality'>,
): Omit<PreparedPut, 'findings'> | Deletion | Refusal {
  if (delta.change !== 'put') return delta
  const { hashes, kind, ...rest } = delta
  try {
    const set = withUntoldQuality(hashSetOf(hashes, kind), list.untoldQuality)
    return { ...rest, set, key: rest.key ?? primaryKey(set) }
  } catch (error) {
    return refusalOf(delta, error)
  }
}
