import type { Principal } from '../access/index.ts'
import { isoTime } from '../core/index.ts'
import { Collection, type Context, keySpace, type Transaction } from '../store/index.ts'

/** What one person has held against an item, or read of it: what a word of theirs on many may rest on. */
export interface ItemLook {
  /** Principal id. */
  readonly by: string
  /** UTC ISO 8601. */
  readonly at: string
  /** The entries that there were, or the one that the file is of, to the byte. */
  readonly entryIds: readonly string[]
  /** Of the person's own file, as Hindra hashed it; null where they read the item. */
  readonly sha256: string | null
}

/** Of one item: the latest of each kind by each person; older ones of others go. */
const KEPT_MAX = 40

/** Who has looked at which items. */
export interface ItemLooks {
  note(
    tx: Transaction,
    by: Principal,
    itemId: string,
    look: Pick<ItemLook, 'entryIds' | 'sha256'>,
  ): Promise<void>
  /** What a person has seen of an item, by their own file first. */
  by(tx: Transaction, by: Principal, itemId: string): Promise<readonly ItemLook[]>
  forget(tx: Transaction, itemId: string): void
}

export function createItemLooks({ sealer, clock }: Pick<Context, 'sealer' | 'clock'>): ItemLooks {
  const records = new Collection<object, { readonly looks: readonly ItemLook[] }>(
    keySpace('item-look'),
    sealer,
  )
  const read = async (tx: Transaction, itemId: string) =>
    (await records.get(tx, itemId))?.sealed.looks ?? []

  return {
    async note(tx, by, itemId, { entryIds, sha256 }) {
      const others = (await read(tx, itemId)).filter(
        (one) => one.by !== by.id || (one.sha256 === null) !== (sha256 === null),
      )
      const look = { by: by.id, at: isoTime(clock.now()), entryIds, sha256 }
      records.put(tx, itemId, {}, { looks: [...others, look].slice(-KEPT_MAX) })
    },

    async by(tx, by, itemId) {
      const own = (await read(tx, itemId)).filter((one) => one.by === by.id)
      return own.toSorted((a, b) => Number(a.sha256 === null) - Number(b.sha256 === null))
    },

    forget(tx, itemId) {
      records.delete(tx, itemId)
    },
  }
}
