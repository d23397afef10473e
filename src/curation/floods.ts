import type { Cases } from '../cases/index.ts'
import type { FloodSettings, Register } from '../register/index.ts'
import type { Store, Transaction } from '../store/index.ts'
import type { Takedown } from '../takedown/index.ts'

const ITEMS_AT_ONCE = 100
const BY = 'hindra'

/**
 * Looks at the items that opened cases since the last look: of one that floods, cases and notices
 * that nobody was told of yet wait for a person, and so does whatever it matches from now on.
 */
export function createFloodWatch(parts: {
  readonly store: Store
  readonly register: Pick<Register, 'withFreshCases' | 'checkFlood' | 'doneWithFresh'>
  readonly cases: Pick<Cases, 'holdItem'>
  readonly takedown: Pick<Takedown, 'withdrawForCase'>
  readonly settings: FloodSettings
  readonly warn: (message: string) => void
}): () => Promise<void> {
  const { store, register, cases, takedown, settings, warn } = parts

  return async () => {
    for (;;) {
      const itemIds = await store.transact((tx) => register.withFreshCases(tx, ITEMS_AT_ONCE))
      for (const itemId of itemIds) await check(itemId)
      if (itemIds.length < ITEMS_AT_ONCE) return
    }
  }

  /** Checks in batches; what a crash leaves is held by the next look, before anybody is told. */
  async function check(itemId: string): Promise<void> {
    for (let left = 1; left > 0; ) {
      const { flood, held } = await store.transact(async (tx) => {
        const found = await register.checkFlood(tx, itemId, settings)
        const count = found === 'none' ? 0 : await hold(tx, itemId)
        if (count === 0) register.doneWithFresh(tx, itemId)
        return { flood: found, held: count }
      })
      if (flood === 'begins') {
        warn(`item ${itemId} floods: it is in quarantine, its cases wait for a person`)
      }
      left = held
    }
  }

  async function hold(tx: Transaction, itemId: string): Promise<number> {
    const held = await cases.holdItem(tx, BY, itemId)
    for (const { id } of held) await takedown.withdrawForCase(tx, BY, id)
    return held.length
  }
}
