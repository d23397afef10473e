import { dropBelow, idsBelow, keySpace, take, type Transaction } from '../store/index.ts'

/** Which items lost an entry by an import, so that its report can name the cases that this touched. */
export interface Losses {
  note(tx: Transaction, importId: string, itemIds: Iterable<string>): void
  /** Reads them in order of id. */
  read(
    tx: Transaction,
    importId: string,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<string[]>
  /** Forgets at most so many; true when none is left. */
  forget(tx: Transaction, importId: string, limit: number): Promise<boolean>
}

const LOST = keySpace('import-lost')

export function createLosses(): Losses {
  return {
    note(tx, importId, itemIds) {
      for (const itemId of itemIds) tx.put(LOST(importId, itemId), new Uint8Array())
    },

    read: (tx, importId, page) => take(idsBelow(tx, LOST(importId), page)),
    forget: (tx, importId, limit) => dropBelow(tx, LOST(importId), limit),
  }
}
