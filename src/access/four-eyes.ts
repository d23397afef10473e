import { HindraError } from '../errors.ts'
import type { Transaction } from '../store/index.ts'
import type { PersonLookUp } from './people.ts'

/**
 * Four eyes are human eyes: whoever acts second must be another person than who acted first, whichever machine of
 * theirs either used. Where nobody answers for a machine, it cannot be known whether they are two. Throws SAME_PERSON
 * with `message`.
 */
export async function assertTwoPersons(
  tx: Transaction,
  behind: PersonLookUp['behind'],
  acted: { readonly first: string; readonly second: string },
  message: string,
): Promise<void> {
  const [first, second] = [await behind(tx, acted.first), await behind(tx, acted.second)]
  if (first.length === 0 || second.length === 0) {
    const why =
      'nobody answers for the machine that acted (hindra people own MACHINE PERSON names who does)'
    throw new HindraError('SAME_PERSON', `${message}: ${why}`)
  }
  if (first.some((person) => second.includes(person))) throw new HindraError('SAME_PERSON', message)
}

/**
 * Two who must not know of each other's word: two persons, neither of whom made the other a principal, for whoever makes
 * one can hold its key. Throws SAME_PERSON with `message`.
 */
export async function assertApart(
  tx: Transaction,
  { behind, addedBy }: Pick<PersonLookUp, 'behind' | 'addedBy'>,
  acted: { readonly first: string; readonly second: string },
  message: string,
): Promise<void> {
  await assertTwoPersons(tx, behind, acted, message)
  const [first, second] = [await behind(tx, acted.first), await behind(tx, acted.second)]
  for (const [ones, others] of [[first, second] as const, [second, first] as const]) {
    for (const person of ones) {
      const adder = await addedBy(tx, person)
      if (adder === undefined || !others.includes(adder)) continue
      throw new HindraError('SAME_PERSON', `${message}: one of you made the other a principal`)
    }
  }
}
