import type { Store, Transaction } from '../store/index.ts'

/** What one transaction did of a long piece of work. */
export interface Page<Place> {
  readonly count: number
  /** Where the next goes on; undefined where nothing is left. */
  readonly last: Place | undefined
}

/** Page after page, a transaction each; resolves to the sum of their counts. */
export async function countInPages<Place>(
  store: Pick<Store, 'transact'>,
  work: (tx: Transaction, after: Place | undefined) => Promise<Page<Place>>,
): Promise<number> {
  let count = 0
  let after: Place | undefined
  do {
    const from = after
    const page = await store.transact((tx) => work(tx, from))
    count += page.count
    after = page.last
  } while (after !== undefined)
  return count
}
