import { HASH_TYPES, type HashType, kindOf } from './hashes.ts'
import type { HashKind } from './kind.ts'

/** Who has names of his own for hashes. */
export type Namer = keyof HashKind['names']

/** Kinds that lists hold, by the name that somebody has for them. */
export function hashesNamedBy(namer: Namer): ReadonlyMap<string, HashType> {
  const named = HASH_TYPES.flatMap((type) => {
    const name = kindOf(type).names[namer]
    return name === undefined ? [] : [[name, type] as const]
  })
  return new Map(named)
}
