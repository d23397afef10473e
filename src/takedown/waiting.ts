import { type Context, keySpace, table, take, type Transaction } from '../store/index.ts'

/** A notice that waits for a person, by its id. */
export interface WaitingClear {
  readonly caseId: string
  readonly since: string
  /** How often a person was alerted. */
  readonly alerts: number
  /** The time before which nobody is told again. */
  readonly alertAt: string
  /** When it is looked at next, whether it still waits. */
  readonly lookAt: string
  /** A person decided that it need not arrive. */
  readonly setAside: { readonly at: string; readonly by: string } | null
}

interface WaitingSealed {
  /** Why it was set aside; else empty. */
  readonly reason: string
}

const waitingTable = table<WaitingClear, WaitingSealed>(keySpace('notice-waiting')).with({
  by: {
    due: {
      keys: keySpace('notice-waiting-due'),
      at: ({ clear: { setAside, lookAt } }) => setAside === null && [lookAt],
    },
  },
})

/** What waits, and when each of it is due. */
export function createWaiting({ sealer }: Pick<Context, 'sealer'>) {
  const rows = waitingTable(sealer)

  return {
    get: rows.get.bind(rows),
    need: rows.need.bind(rows),

    async put(tx: Transaction, id: string, clear: WaitingClear, reason: string): Promise<void> {
      const before = await rows.get(tx, id)
      const row = { id, clear, sealed: { reason } }
      if (before === undefined) rows.add(tx, row)
      else rows.change(tx, before, row)
    },

    async remove(tx: Transaction, id: string): Promise<void> {
      const row = await rows.get(tx, id)
      if (row !== undefined) rows.remove(tx, row)
    },

    due: rows.by.due,

    /** The ids of what is not set aside, in the order of failing. */
    ids: async (tx: Transaction): Promise<readonly string[]> =>
      (await take(rows.by.due.ids(tx, []))).sort(),
  }
}
