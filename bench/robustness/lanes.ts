import { availableParallelism } from 'node:os'

/** Works on all of them, two a core at once; the results are in their order. */
export async function inLanes<T, R>(
  all: readonly T[],
  work: (each: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(all.length)
  const waiting = all.entries()
  const lane = async () => {
    for (const [index, each] of waiting) results[index] = await work(each)
  }
  await Promise.all(Array.from({ length: 2 * availableParallelism() }, lane))
  return results
}
