import type { Cases } from '../cases/index.ts'
import { HOUR_MS, isoTime } from '../core/index.ts'
import type { Tips } from '../intake/index.ts'
import type { Keeping } from '../keeping/index.ts'
import type { Store } from '../store/index.ts'
import type { Takedown } from '../takedown/index.ts'

/** How far what waits is counted: further would cost more than anybody gains. */
const COUNTED_MAX = 10_000

/** One of the queues in which something waits for a person. Times are UTC ISO 8601. */
export interface QueueCount {
  /** `errands` is all that is not in one of the others (`hindra waiting`). */
  readonly name: 'tips' | 'decisions' | 'assessments' | 'errands'
  /** Of decisions at most 10,001 are counted. */
  readonly count: number
  /** Since when the oldest waits; of assessments the hour, as the minute would tell whose it was. Null where none does. */
  readonly oldestSince: string | null
}

/** What whoever keeps the house running looks at beside `Health`, and no program asks for all the time. */
export interface UpkeepReport {
  readonly queues: readonly QueueCount[]
  /** When somebody last took a backup; null where none was taken since that is noted. */
  readonly backupAt: string | null
}

export async function reportUpkeep({
  store,
  tips,
  cases,
  takedown,
  backups,
}: {
  readonly store: Store
  readonly tips: Pick<Tips, 'queueCount'>
  readonly cases: Pick<Cases, 'panels' | 'count' | 'list'>
  readonly takedown: Pick<Takedown, 'errands'>
  readonly backups: Pick<Keeping['backups'], 'lastAt'>
}): Promise<UpkeepReport> {
  const pending = { decision: 'pending' } as const
  const [oldest] = await cases.list({ ...pending, limit: 1 })
  const decisions = await cases.count(pending, COUNTED_MAX + 1)
  const errands = await store.transact((tx) => takedown.errands.counts(tx))
  return {
    queues: [
      { name: 'tips', ...(await tips.queueCount()) },
      { name: 'decisions', count: decisions, oldestSince: oldest?.openedAt ?? null },
      { name: 'assessments', ...(await panelsThatWait(store, cases)) },
      { name: 'errands', count: errands.count, oldestSince: errands.oldestSince },
    ],
    backupAt: await backups.lastAt(),
  }
}

function panelsThatWait(
  store: Store,
  { panels }: Pick<Cases, 'panels'>,
): Promise<Omit<QueueCount, 'name'>> {
  return store.transact(async (tx) => {
    let count = 0
    let firstMs: number | undefined
    // The oldest come first.
    for await (const { openedAt } of panels.waiting(tx)) {
      firstMs ??= Date.parse(openedAt)
      count += 1
    }
    const oldestSince = firstMs === undefined ? null : isoTime(firstMs - (firstMs % HOUR_MS))
    return { count, oldestSince }
  })
}
