import { type Context, idsBelow, type Transaction } from '../store/index.ts'
import type { OpaqueHash } from './hash-set.ts'
import type { RegisterParts } from './register-parts.ts'
import { BY } from './item-records.ts'
import type { KnownItem } from './item.ts'

/** How many items are looked up by one hash of somebody else's: more would be a hash of nothing. */
const ITEMS_MAX = 100

/** Finds items by what Hindra cannot compute: by equality, in the store. */
export function createOpaqueLookup(context: Context, { items }: Pick<RegisterParts, 'items'>) {
  return {
    /** See `Register`. */
    async withOpaque(tx: Transaction, { type, value }: OpaqueHash): Promise<readonly KnownItem[]> {
      const found = new Map<string, KnownItem>()
      const place = BY.opaque(context, { type, value })
      for await (const id of idsBelow(tx, place, { limit: ITEMS_MAX })) {
        const item = await items.knownAt(tx, id)
        if (item !== undefined && has(item, { type, value })) found.set(item.id, item)
      }
      return [...found.values()]
    },
  }
}

/** Whether the item has it, by what counts of it: what only one person proposed beside what two agreed on does not. */
function has({ fingerprints }: KnownItem, sought: OpaqueHash): boolean {
  return fingerprints.some(({ opaque = [] }) =>
    opaque.some(({ type, value }) => type === sought.type && value === sought.value),
  )
}
