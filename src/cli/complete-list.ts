import type { Client } from '../client/index.ts'
import { defined } from '../core/index.ts'
import type { TouchedItem } from '../curation/index.ts'
import { HindraError } from '../errors.ts'
import type { ImportView } from '../exchange/index.ts'
import { table } from './output.ts'

/** Withdraws what a complete list does not name; in a dry run says how much that is. */
export async function withdrawAbsent(
  client: Client,
  id: string,
  confirmed: number | undefined,
  progress: (view: ImportView) => void,
): Promise<void> {
  const body = defined({ confirmed })
  for (;;) {
    const view = await client.imports.withdraw({ id, ...body })
    if (view.withdrawal?.phase === 'done') return
    progress(view)
  }
}

/** Cases and notices of the items that lost an entry by an import. */
export async function touchedByImport(
  client: Client,
  { id, deleted, changed, dryRun, withdrawal }: ImportView,
): Promise<readonly TouchedItem[]> {
  const isTold = dryRun ? (withdrawal?.absent ?? 0) > 0 : deleted + changed > 0
  const touched: TouchedItem[] = []
  for (let after: string | undefined; isTold; ) {
    const page = await client.imports.touched({ id, after })
    touched.push(...page.items)
    if (page.next === null) break
    after = page.next
  }
  return touched
}

export function touchedItemsTable(items: readonly TouchedItem[]): string {
  return table(
    ['item', 'case', 'status', 'notice', 'state', 'recipient'],
    items.flatMap(({ itemId, cases }) =>
      cases.flatMap(({ caseId, status, notices }) =>
        notices.length === 0
          ? [[itemId, caseId, status, null, null, null]]
          : notices.map(({ id, state, recipient }) => {
              return [itemId, caseId, status, id, state, recipient]
            }),
      ),
    ),
  )
}

/** How many entries somebody expects to go. Throws INVALID_INPUT. */
export function countIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const count = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(count)) return count
  throw new HindraError('INVALID_INPUT', '--withdraw: a number of entries', { field: 'withdraw' })
}
