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
  readonly register: Pick<Register, 'withFreshCases' | 'checkFlood'>
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

  async function check(itemId: string): Promise<void> {
    const isFlood = await store.transact(async (tx) => {
      if (!(await register.checkFlood(tx, itemId, settings))) return false
      await hold(tx, itemId)
      return true
    })
    if (!isFlood) return
    warn(`item ${itemId} floods: it is in quarantine, its cases wait for a person`)
    for (let left = 1; left > 0; ) left = await store.transact((tx) => hold(tx, itemId))
  }

  async function hold(tx: Transaction, itemId: string): Promise<number> {
    const held = await cases.holdItem(tx, BY, itemId)
    for (const { id } of held) await takedown.withdrawForCase(tx, BY, id)
    return held.length
  }
}
