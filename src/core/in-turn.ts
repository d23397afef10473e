import { isOfAll } from '../errors.ts'

/** Undefined where the work broke. Throws what would break all other work as well. */
export type Unless = <T>(work: () => Promise<T>) => Promise<T | undefined>

type Works<Results extends readonly unknown[]> = {
  readonly [At in keyof Results]: () => Promise<Results[At]>
}

/**
 * One after the other, whatever becomes of those before: a fault over one record must not end what has nothing to do with it.
 * Throws what broke first, once all are done.
 */
export function eachInTurn<Results extends readonly unknown[]>(
  ...works: Works<Results>
): Promise<Results> {
  return despiteFaults(async (unless) => {
    const results: unknown[] = []
    for (const work of works) results.push(await unless(work))
    // Where none broke they are as many as there were works, each of its own type.
    return results as unknown as Results
  })
}

/** The same of any work, which says by `unless` of what the rest is to go on without. */
export async function despiteFaults<T>(work: (unless: Unless) => Promise<T>): Promise<T> {
  const broken: unknown[] = []
  const result = await work(async (one) => {
    try {
      return await one()
    } catch (error) {
      if (isOfAll(error)) throw error
      broken.push(error)
      return undefined
    }
  })
  if (broken.length > 0) throw broken[0]
  return result
}
