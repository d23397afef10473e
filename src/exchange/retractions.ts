import type { Context, Transaction } from '../store/index.ts'

const PREFIX = ['import-retracted']

/**
 * Items that lost an entry to a list, until what that does to their cases is done: written in the
 * transaction that retracts, so that no crash leaves a case that nobody looks at.
 */
export interface Retractions {
  note(tx: Transaction, itemIds: Iterable<string>): void
  /** Hands each to `carry`, those of other lists too. */
  carryAll(carry: (itemId: string) => Promise<void>): Promise<void>
}

export function createRetractions({ store, newId }: Context): Retractions {
  return {
    note(tx, itemIds) {
      for (const itemId of itemIds) tx.put([...PREFIX, itemId], Buffer.from(newId()))
    },

    async carryAll(carry) {
      for (;;) {
        const first = await store.transact(async (tx) => {
          for await (const pair of tx.range({ prefix: PREFIX }, { limit: 1 })) return pair
          return undefined
        })
        if (first === undefined) return
        await carry(String(first.key.at(-1)))
        await store.transact(async (tx) => {
          const now = await tx.get(first.key)
          // Retracted again meanwhile: carried once more.
          if (now !== undefined && Buffer.compare(now, first.value) === 0) tx.delete(first.key)
        })
      }
    },
  }
}
