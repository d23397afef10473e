import type { Principal } from '../access/index.ts'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Context, Transaction } from '../store/index.ts'
import type { RegisterParts } from './register-parts.ts'
import { checkReason } from './proposal.ts'
import { entriesOf, isLiving, type StoredEntry, withEntries } from './item-records.ts'
import type { StepTarget } from './steps.ts'
import type { Item } from './item.ts'

/** The time until which an entry is out of matching that nobody put an end to. */
export const FOR_GOOD = '9999-12-31T23:59:59.999Z'

/** Takes what lists say of an item out of matching until a date, or puts it back. */
export function createDisabling({ clock }: Context, { items, log }: RegisterParts) {
  return {
    /** See `Register`. */
    disable: (
      tx: Transaction,
      by: Principal,
      target: StepTarget,
      until: string,
      reason: string,
    ) => {
      if (!(Date.parse(until) > clock.now())) {
        const message = 'until: a time that is to come (ISO 8601)'
        throw new HindraError('INVALID_INPUT', message, { field: 'until' })
      }
      return change(tx, by, target, isoTime(Date.parse(until)), reason)
    },

    enable: (tx: Transaction, by: Principal, target: StepTarget, reason: string) =>
      change(tx, by, target, null, reason),
  }

  async function change(
    tx: Transaction,
    by: Principal,
    { itemId, entryId }: StepTarget,
    disabledUntil: string | null,
    reason: string,
  ): Promise<Item> {
    const why = checkReason(reason, true)
    const row = await items.need(tx, itemId)
    const isMeant = ({ clear }: StoredEntry) =>
      isLiving(clear) && (entryId === undefined || clear.id === entryId)
    const entries = entriesOf(row)
    if (!entries.some(isMeant)) throw new HindraError('NOT_FOUND', { says: 'entry-none' })
    const action = disabledUntil === null ? 'enable' : 'disable'
    const changed = entries.map((entry) => {
      if (!isMeant(entry)) return entry
      const detail = disabledUntil === null ? {} : { detail: `until ${disabledUntil}` }
      log.append(tx, by, row.id, { action, entry: entry.clear, reason: why, ...detail })
      return { ...entry, clear: { ...entry.clear, disabledUntil } }
    })
    const next = withEntries(row, changed)
    items.change(tx, row, next)
    return items.view(tx, next)
  }
}
