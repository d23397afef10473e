import type { Principal } from '../access/index.ts'
import type { Audit, AuditEntry } from '../audit/index.ts'
import { isoTime } from '../core/index.ts'
import { Collection, type Context, keySpace, type Transaction } from '../store/index.ts'
import type { EntryStatus, ItemAction, ItemEvent } from './item.ts'

type EventSealed = Pick<ItemEvent, 'reason' | 'detail'>
type EventClear = Omit<ItemEvent, keyof EventSealed>

/** One act upon an item, before it is known when and by whom. */
interface ItemAct {
  readonly action: ItemAction
  readonly entry?: { readonly id: string; readonly list: string }
  readonly from?: EntryStatus | null
  readonly to?: EntryStatus
  readonly reason?: string | null
  /** What people read of it; sealed. */
  readonly detail?: string
  /** What the audit keeps of it: ids and classes only. */
  readonly audited?: AuditEntry['detail']
  /** Whether it belongs to an import, which is one entry of the audit for all of its lines. */
  readonly isBulk?: boolean
}

/** What became of each item, by whom, when and why: added to, never changed. */
export interface ItemLog {
  append(tx: Transaction, by: Pick<Principal, 'id'>, itemId: string, act: ItemAct): void
  /** What happened to the item, the oldest first. */
  read(tx: Transaction, itemId: string): Promise<readonly ItemEvent[]>
  /** Erases the log together with the item, for retention. */
  erase(tx: Transaction, itemId: string): Promise<void>
}

export function createItemLog({ sealer, clock, newId }: Context, audit: Audit): ItemLog {
  return {
    append(tx, by, itemId, act) {
      const { action, entry, from = null, to = null, reason = null, detail = null } = act
      const place = { entryId: entry?.id ?? null, list: entry?.list ?? null }
      const clear = { at: isoTime(clock.now()), by: by.id, action, ...place, from, to }
      eventsOf(itemId).put(tx, newId(), clear, { reason, detail })
      if (act.isBulk === true) return
      const told = { ...place, from, to, ...act.audited }
      const known = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== null))
      audit.append(tx, { by: by.id, action: `item.${action}`, subject: itemId, detail: known })
    },

    async read(tx, itemId) {
      const events: ItemEvent[] = []
      for await (const { clear, sealed } of eventsOf(itemId).rows(tx)) {
        events.push({ ...clear, ...sealed })
      }
      return events
    },

    async erase(tx, itemId) {
      const events = eventsOf(itemId)
      for await (const { id } of events.clearRows(tx)) events.delete(tx, id)
    },
  }

  /** One collection an item, so that a history is one range. */
  function eventsOf(itemId: string): Collection<EventClear, EventSealed> {
    return new Collection(keySpace(`item-event/${itemId}`), sealer)
  }
}
