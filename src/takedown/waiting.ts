import { Collection, type Context, type Key, keySpace, type Transaction } from '../store/index.ts'
import { dueIn } from './notice-index.ts'

/** A notice that waits for a person, by its id. */
export interface WaitingClear {
  readonly caseId: string
  readonly since: string
  /** How often a person was alerted. */
  readonly alerts: number
  /** Not before this again. */
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

const DUE = 'notice-waiting-due'

/** What waits, and when each of it is due. */
export function createWaiting({ sealer }: Pick<Context, 'sealer'>) {
  const rows = new Collection<WaitingClear, WaitingSealed>(keySpace('notice-waiting'), sealer)

  return {
    get: rows.get.bind(rows),
    need: rows.need.bind(rows),

    /** @param before What it was until now */
    put(tx: Transaction, id: string, clear: WaitingClear, reason: string, before: WaitingClear) {
      tx.delete([DUE, before.lookAt, id])
      rows.put(tx, id, clear, { reason })
      if (clear.setAside === null) tx.put([DUE, clear.lookAt, id], new Uint8Array())
    },

    async remove(tx: Transaction, id: string): Promise<void> {
      const row = await rows.get(tx, id)
      if (row === undefined) return
      tx.delete([DUE, row.clear.lookAt, id])
      rows.delete(tx, id)
    },

    /** Keys of what is due, longest waiting first; they end with the id. */
    due: (tx: Transaction, until: string, limit: number, after?: Key): Promise<readonly Key[]> =>
      dueIn(tx, DUE, until, limit, after),

    /** Of what is not set aside, in the order of failing. */
    async ids(tx: Transaction): Promise<readonly string[]> {
      const ids: string[] = []
      for await (const { key } of tx.range({ prefix: [DUE] })) ids.push(String(key.at(-1)))
      return ids.sort()
    },
  }
}
