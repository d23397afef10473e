import { type Clock, HOUR_MS } from '../core/index.ts'
import type { Expiring, Transaction } from '../store/index.ts'

/** A count of what happened within an hour, which begins with the first of it. */
export interface HourCount {
  /** This one among it. */
  readonly count: number
  readonly sinceMs: number
}

/** Counts one more in the transaction, for all processes of the house. */
export async function countInHour(
  tx: Transaction,
  counts: Expiring<HourCount>,
  name: string,
  clock: Clock,
): Promise<HourCount> {
  const before = (await counts.get(tx, name)) ?? { count: 0, sinceMs: clock.now() }
  const now = { ...before, count: before.count + 1 }
  counts.put(tx, name, now, now.sinceMs + HOUR_MS)
  return now
}
