import { availableParallelism } from 'node:os'
import { inLanes as inSoManyLanes } from '../../src/core/index.ts'

/** Works on all of them, two a core at once; the results are in their order. */
export function inLanes<T, R>(all: readonly T[], work: (each: T) => Promise<R>): Promise<R[]> {
  return inSoManyLanes(all, 2 * availableParallelism(), work)
}
