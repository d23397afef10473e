import type { Key, Transaction } from '../store/index.ts'

/** Which items lost an entry by an import, so that its report can name the cases that this touched. */
export interface Losses {
  note(tx: Transaction, importId: string, itemIds: Iterable<string>): void
  /** In order of id. */
  read(
    tx: Transaction,
    importId: string,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<string[]>
  /** Forgets at most so many; true when none is left. */
  forget(tx: Transaction, importId: string, limit: number): Promise<boolean>
}

export function createLosses(): Losses {
  return {
    note(tx, importId, itemIds) {
      for (const itemId of itemIds) tx.put([...placeOf(importId), itemId], new Uint8Array())
    },

    async read(tx, importId, { after, limit }) {
      const prefix = placeOf(importId)
      const start = after === undefined ? {} : { after: [...prefix, after] }
      const found: string[] = []
      for await (const { key } of tx.range({ prefix }, { ...start, limit })) {
        found.push(String(key.at(-1)))
      }
      return found
    },

    async forget(tx, importId, limit) {
      let count = 0
      for await (const { key } of tx.range({ prefix: placeOf(importId) }, { limit })) {
        tx.delete(key)
        count += 1
      }
      return count < limit
    },
  }
}

function placeOf(importId: string): Key {
  return ['import-lost', importId]
}
