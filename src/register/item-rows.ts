import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { type Context, isDamage, type Transaction, unlessDamaged } from '../store/index.ts'
import type { List } from './list-types.ts'
import type { Lists } from './lists.ts'
import {
  ITEMS,
  type ItemRow,
  type ItemTable,
  itemTable,
  itemView,
  knownView,
} from './item-records.ts'
import type { Item, KnownItem } from './item.ts'

/** Items as they are stored. An item that was joined to another is that other one. */
export interface ItemRows {
  find(tx: Transaction, itemId: string): Promise<ItemRow | undefined>
  /** The row as it is stored, also where it was joined to another. Throws NOT_FOUND. */
  itself(tx: Transaction, itemId: string): Promise<ItemRow>
  /** Throws NOT_FOUND. */
  need(tx: Transaction, itemId: string): Promise<ItemRow>
  /** What finds them by something other than their id. */
  readonly by: ItemTable['by']
  add(tx: Transaction, row: ItemRow): void
  /** @param before The item as it was written last */
  change(tx: Transaction, before: ItemRow, after: ItemRow): void
  view(tx: Transaction, row: ItemRow): Promise<Item>
  known(tx: Transaction, row: ItemRow): Promise<KnownItem>
  /** Undefined where it was retracted, or its record is damaged: what nobody can read accuses nobody. */
  knownAt(tx: Transaction, itemId: string): Promise<KnownItem | undefined>
  /** Whether its record, or that of a list which speaks of it, cannot be read. */
  isDamaged(tx: Transaction, itemId: string): Promise<boolean>
  /** Many items, as `knownAt` gives them, read at once; each once, in the order of the ids. */
  knownOf(tx: Transaction, itemIds: Iterable<string>): Promise<ReadonlyMap<string, KnownItem>>
}

export function createItemRows(context: Context, lists: Pick<Lists, 'need'>): ItemRows {
  const { clock } = context
  const items = itemTable(context.sealer)

  async function find(tx: Transaction, itemId: string): Promise<ItemRow | undefined> {
    const row = await items.get(tx, itemId)
    const joinedTo = row?.clear.joinedTo ?? null
    return joinedTo === null ? row : find(tx, joinedTo)
  }

  return {
    find,
    itself: (tx, itemId) => items.need(tx, itemId),
    async need(tx, itemId) {
      const row = await find(tx, itemId)
      if (row !== undefined) return row
      throw new HindraError('NOT_FOUND', { says: 'item-none', id: itemId })
    },
    by: items.by,
    add(tx, row) {
      items.add(tx, row)
    },
    change(tx, before, after) {
      items.change(tx, before, after)
    },
    view: async (tx, row) => itemView(row, await listsOf(tx, row), now()),
    known,
    knownAt,
    async isDamaged(tx, itemId) {
      try {
        const row = await find(tx, itemId)
        if (row !== undefined) await known(tx, row)
        return false
      } catch (error) {
        if (isDamage(error)) return true
        throw error
      }
    },
    async knownOf(tx, itemIds) {
      const ids = [...new Set(itemIds)]
      await tx.prefetch(ids.map((id) => ITEMS(id)))
      const found = new Map<string, KnownItem>()
      for (const id of ids) {
        const item = await knownAt(tx, id)
        if (item !== undefined) found.set(id, item)
      }
      return found
    },
  }

  async function known(tx: Transaction, row: ItemRow): Promise<KnownItem> {
    return knownView(row, await listsOf(tx, row), now())
  }

  async function knownAt(tx: Transaction, itemId: string): Promise<KnownItem | undefined> {
    const row = await unlessDamaged(find(tx, itemId))
    const item = row && (await unlessDamaged(known(tx, row)))
    return item === undefined || item.status === 'retracted' ? undefined : item
  }

  async function listsOf(tx: Transaction, { clear }: ItemRow): Promise<ReadonlyMap<string, List>> {
    const found = new Map<string, List>()
    for (const { list } of clear.entries) {
      if (!found.has(list)) found.set(list, await lists.need(tx, list))
    }
    return found
  }

  function now(): string {
    return isoTime(clock.now())
  }
}
