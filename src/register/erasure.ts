import type { Context, Key, Transaction } from '../store/index.ts'
import type { Banks } from './banks.ts'
import type { RegisterParts } from './register-parts.ts'
import { forgetCases } from './quarantine.ts'
import { BY, type EntryClear, entriesOf, type ItemRow, itemTable } from './item-records.ts'
import type { ItemLooks } from './item-looks.ts'
import { statusOf } from './standing.ts'

/** What retention may remove of the register: items that every list has retracted. */
export interface ItemErasure {
  /**
   * Items in order of their retraction: the id of each, and of what was joined to it. Without those that a person here
   * took out of a partner's list, which would bring them again.
   */
  retractedBefore(tx: Transaction, beforeIso: string): AsyncIterable<readonly [string, ...string[]]>
  /** The item with its entries, its history, what was joined to it, and all that finds them. */
  erase(tx: Transaction, itemId: string): Promise<void>
}

export function createErasure(
  context: Context,
  { log, lists }: Pick<RegisterParts, 'log' | 'lists'>,
  {
    looks,
    banks,
  }: { readonly looks: Pick<ItemLooks, 'forget'>; readonly banks: Pick<Banks, 'forget'> },
): ItemErasure {
  const stored = itemTable(context.sealer)

  async function deleteIfOf(tx: Transaction, key: Key, isOf: (held: string) => boolean) {
    const held = await tx.get(key)
    if (held !== undefined && isOf(Buffer.from(held).toString())) tx.delete(key)
  }

  /** An entry that came later may be known by the same name or the same bytes. */
  async function eraseEntries(tx: Transaction, row: ItemRow): Promise<void> {
    for (const { clear, sealed } of entriesOf(row)) {
      const { id, list, status } = clear
      const { sha256 } = sealed.hashes
      await deleteIfOf(tx, BY.key(context, list, sealed.key), (held) => held === `${row.id}/${id}`)
      if (sha256 !== undefined) {
        await deleteIfOf(tx, BY.bytes(context, sha256), (held) => held === row.id)
      }
      for (const hash of sealed.hashes.opaque ?? []) {
        for (const itemId of [row.id, ...row.clear.joined]) {
          tx.delete(BY.opaque(context, hash, itemId))
        }
      }
      await banks.forget(tx, id)
      lists.count(tx, list, status, null)
    }
  }

  return {
    async *retractedBefore(tx, beforeIso) {
      const range = { from: BY.retracted(), to: BY.retracted(beforeIso) }
      for await (const { key } of tx.range(range)) {
        const id = String(key.at(-1))
        const clear = await stored.getClear(tx, id)
        if (clear?.entries.some(isRefused) === true) continue
        yield [id, ...(clear?.joined ?? [])]
      }
    },

    async erase(tx, itemId) {
      for await (const { key } of tx.range({ prefix: BY.retracted() })) {
        if (key.at(-1) === itemId) tx.delete(key)
      }
      const row = await stored.get(tx, itemId)
      // Somebody may have joined to it what is alive.
      if (row === undefined || statusOf(row.clear.entries) !== 'retracted') return
      await eraseEntries(tx, row)
      for (const id of [itemId, ...row.clear.joined]) {
        await forgetCases(tx, id)
        looks.forget(tx, id)
        const one = await stored.get(tx, id)
        if (one !== undefined) stored.remove(tx, one)
        await log.erase(tx, id)
      }
    },
  }
}

function isRefused({ listKind, retractedBy }: EntryClear): boolean {
  return listKind === 'partner' && retractedBy === 'person'
}
