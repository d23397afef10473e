import type { Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Config } from '../config.ts'
import { HOUR_MS, isoTime } from '../core/index.ts'
import {
  type Context,
  type Key,
  keySpace,
  recordingKeys,
  type Transaction,
} from '../store/index.ts'
import { type Kept, keptRecords, type RetentionStages } from './kept-records.ts'

const DAY_MS = 24 * HOUR_MS
const BATCH_RECORDS = 100
const LAST_NIGHT = keySpace('system', 'retention-night')()

/** One type of record. */
export interface RetentionLine {
  readonly type: string
  /** Kept so long; 0 for ever. */
  readonly days: number
  /** Erased is what was from before this; null where nothing is. */
  readonly before: string | null
  /** Records that are due, or that were erased. */
  readonly records: number
}

/** What is kept for how long, and the erasing of what was kept long enough. */
export interface Retention {
  /** What would be erased now. */
  due(): Promise<readonly RetentionLine[]>
  /** Erases it: records, what finds them, and what old files of the store still hold of them. */
  apply(by: Principal): Promise<readonly RetentionLine[]>
  /** Erases it once a night, where the settings say so. */
  nightly(): Promise<void>
}

export function createRetention(
  context: Context,
  audit: Audit,
  stages: RetentionStages,
  settings: Config['retention'] & Pick<Config['sightings'], 'unmatchedDays'>,
): Retention {
  const { store, clock } = context
  const kept = keptRecords(audit, stages, settings)

  async function apply(by: string): Promise<readonly RetentionLine[]> {
    const erased: Key[] = []
    const lines: RetentionLine[] = []
    for (const entry of kept) {
      const before = beforeOf(entry)
      const records = before === null ? 0 : await eraseAll(by, entry, before, erased)
      lines.push({ type: entry.type, days: entry.days, before, records })
    }
    await store.scrub(erased)
    return lines
  }

  async function eraseAll(by: string, entry: Kept, before: string, erased: Key[]): Promise<number> {
    for (let records = 0; ; ) {
      const { due, gone, keys } = await store.transact(async (tx) => {
        const recording = recordingKeys(tx)
        const ids = await entry.due(tx, before, BATCH_RECORDS)
        const count = await entry.erase(recording.tx, ids)
        if (count > 0) {
          const detail = { before, records: count }
          audit.append(tx, { by, action: 'retention.erase', subject: entry.type, detail })
        }
        return { due: ids.length, gone: count, keys: recording.keys }
      })
      records += gone
      for (const key of keys) erased.push(key)
      if (due < BATCH_RECORDS && gone === due) return records
    }
  }

  function beforeOf({ days }: Kept): string | null {
    return days === 0 ? null : isoTime(clock.now() - days * DAY_MS)
  }

  return {
    due: () =>
      Promise.all(
        kept.map(async (entry) => {
          const before = beforeOf(entry)
          const due = (tx: Transaction) =>
            before === null ? Promise.resolve([]) : entry.due(tx, before, Infinity)
          const records = (await store.transact(due)).length
          return { type: entry.type, days: entry.days, before, records }
        }),
      ),
    async apply(by) {
      const lines = await apply(by.id)
      await stages.takedown.exports.removeStale()
      return lines
    },
    async nightly() {
      if (!settings.nightly) return
      const night = isoTime(clock.now() - settings.hourUtc * HOUR_MS).slice(0, 10)
      const last = await store.transact((tx) => tx.get(LAST_NIGHT))
      if (last !== undefined && Buffer.from(last).toString() >= night) return
      await apply('hindra')
      await store.transact((tx) => {
        tx.put(LAST_NIGHT, Buffer.from(night))
        return Promise.resolve()
      })
    },
  }
}
