import type { Cases } from '../cases/index.ts'
import { HOUR_MS, isoTime, type Clock } from '../core/index.ts'
import type { Store } from '../store/index.ts'
import type { Takedown } from '../takedown/index.ts'

/** Nobody else is told of what was assessed once: a tip on a child waits with it. */
const ASSESSMENT_HOURS = 24

/** How many things have waited for a person longer than they should. */
export interface LateCounts {
  /** Objections whose time to decide is over. */
  readonly objections: number
  /** Assessments that have waited over a day for the second or third person. */
  readonly assessments: number
  /** What else waits for a person and is overdue: see `Errands.overdue`. */
  readonly errands: number
}

export async function countLate({
  store,
  clock,
  cases,
  takedown,
}: {
  readonly store: Store
  readonly clock: Clock
  readonly cases: Pick<Cases, 'panels'>
  readonly takedown: Pick<Takedown, 'objections' | 'errands'>
}): Promise<LateCounts> {
  const before = isoTime(clock.now() - ASSESSMENT_HOURS * HOUR_MS)
  return store.transact(async (tx) => {
    let assessments = 0
    for await (const { openedAt } of cases.panels.waiting(tx)) {
      // The oldest come first.
      if (openedAt > before) break
      assessments += 1
    }
    return {
      objections: await takedown.objections.overdue(tx),
      assessments,
      errands: await takedown.errands.overdue(tx),
    }
  })
}
