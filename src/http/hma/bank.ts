import { HindraError } from '../../errors.ts'
import type { Parts } from '../../operations/index.ts'
import { type List, type ListView, OWN_REQUESTS } from '../../register/index.ts'

export type Registering = Pick<Parts, 'store' | 'register'>

/** The lists that are banks: those that accuse, but what children ask for, and but what was deleted. */
export function banksOf({ store, register }: Registering): Promise<readonly ListView[]> {
  return store.transact(async (tx) => {
    const found: ListView[] = []
    for (const list of await register.lists.all(tx)) {
      if (list.kind === 'allow' || list.name === OWN_REQUESTS) continue
      if ((await register.banks.deletion(tx, list.name))?.isDone !== true) found.push(list)
    }
    return found
  })
}

/** Throws NOT_FOUND. */
export async function named(parts: Registering, name: string): Promise<ListView> {
  const found = (await banksOf(parts)).find((list) => list.name === name)
  if (found !== undefined) return found
  throw new HindraError('NOT_FOUND', `bank '${name.slice(0, 64)}' not found`)
}

export function asBank({ name }: Pick<List, 'name'>): {
  name: string
  matching_enabled_ratio: number
} {
  return { name, matching_enabled_ratio: 1 }
}
