import { AsyncResource } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../store/index.ts'
import { addToCounter, type CounterName, type HouseTime } from './counters.ts'

/** Between the starts of two commits: what comes meanwhile shares the next one. */
const GAP_MS = 4

/**
 * Counts what leaves no record. Exact for whoever waits for it: each count is durable when its
 * promise resolves, and many share one transaction, as a feed brings thousands a second.
 */
export interface StatsTally {
  /** Adds one to each. */
  count(names: readonly CounterName[]): Promise<void>
}

export function createTally(context: Pick<Context, 'store'> & HouseTime): StatsTally {
  let open: { readonly counts: Map<CounterName, number>; readonly done: Promise<void> } | undefined
  let before = Promise.resolve()
  let startedMs = -Infinity

  /**
   * Waits for the commit before this one, which takes what comes as long as it waits. It is of all who count, and so done
   * by no lease of the one who came first.
   */
  const commit = AsyncResource.bind(async (counts: ReadonlyMap<CounterName, number>) => {
    await before
    const waitMs = startedMs + GAP_MS - performance.now()
    if (waitMs > 0) await sleep(waitMs)
    open = undefined
    startedMs = performance.now()
    await context.store.transact((tx) => {
      for (const [name, count] of counts) addToCounter(context, tx, name, count)
      return Promise.resolve()
    })
  })

  return {
    count(names) {
      if (open === undefined) {
        const counts = new Map<CounterName, number>()
        const done = commit(counts)
        open = { counts, done }
        before = done.catch(() => undefined)
      }
      for (const name of names) open.counts.set(name, (open.counts.get(name) ?? 0) + 1)
      return open.done
    },
  }
}
