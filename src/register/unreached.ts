import { type Context, idsBelow, keySpace, take, type Transaction } from '../store/index.ts'

const UNREACHED = keySpace('item-unreached')

/**
 * Items that changed, until the change has reached all of their cases: written in the transaction that
 * makes the change, so that no crash leaves a case that nobody looks at.
 */
export interface Unreached {
  note(tx: Transaction, itemIds: Iterable<string>): void
  /** Hands an item to `carry`, and is done with it unless it changed again meanwhile. */
  reach(itemId: string, carry: (itemId: string) => Promise<void>): Promise<void>
  /** The same with every item that was noted. */
  reachAll(carry: (itemId: string) => Promise<void>): Promise<void>
}

export function createUnreached({ store, newId }: Context): Unreached {
  return {
    note(tx, itemIds) {
      for (const itemId of itemIds) tx.put(UNREACHED(itemId), Buffer.from(newId()))
    },
    reach,
    async reachAll(carry) {
      for (let next = await first(); next !== undefined; next = await first()) {
        await reach(next, carry)
      }
    },
  }

  async function reach(itemId: string, carry: (itemId: string) => Promise<void>): Promise<void> {
    const key = UNREACHED(itemId)
    const noted = await store.transact((tx) => tx.get(key))
    if (noted === undefined) return
    await carry(itemId)
    await store.transact(async (tx) => {
      const now = await tx.get(key)
      // Changed again meanwhile: carried once more.
      if (now !== undefined && Buffer.compare(now, noted) === 0) tx.delete(key)
    })
  }

  function first(): Promise<string | undefined> {
    return store.transact(async (tx) => (await take(idsBelow(tx, UNREACHED()), 1))[0])
  }
}
