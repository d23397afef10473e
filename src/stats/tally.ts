import { gathered } from '../core/index.ts'
import type { Context } from '../store/index.ts'
import { addToCounter, type CounterName, type HouseTime } from './counters.ts'

/**
 * Between the starts of two commits, for each count of the former: what comes meanwhile shares the next one. Whoever asks one
 * thing after the other hardly waits; where many ask, a commit, which costs as much as half a look at a picture, is of many.
 */
const GAP_MS = 4
const GAP_MS_MAX = 16

/**
 * Counts what leaves no record. Exact for whoever waits for it: each count is durable when its
 * promise resolves, and many share one transaction, as a feed brings thousands a second.
 */
export interface StatsTally {
  /** Adds one to each. */
  count(names: readonly CounterName[]): Promise<void>
}

export function createTally(context: Pick<Context, 'store'> & HouseTime): StatsTally {
  return {
    count: gathered<readonly CounterName[]>(
      async (all) => {
        const counts = new Map<CounterName, number>()
        for (const name of all.flat()) counts.set(name, (counts.get(name) ?? 0) + 1)
        await context.store.transact((tx) => {
          for (const [name, count] of counts) addToCounter(context, tx, name, count)
          return Promise.resolve()
        })
      },
      (before) => Math.min(GAP_MS * before, GAP_MS_MAX),
    ),
  }
}
