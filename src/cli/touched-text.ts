import type { Touched, TouchedCase } from '../curation/index.ts'
import type { Item } from '../register/index.ts'
import { table } from './output.ts'

/** Cases of an item, a line for each notice. */
export function touchedTable(touched: readonly TouchedCase[]): string {
  const rows = touched.flatMap(({ caseId, status, notices }) =>
    notices.length === 0
      ? [[caseId, status, null, null, null]]
      : notices.map(({ id, state, recipient }) => [caseId, status, id, state, recipient]),
  )
  return table(['case', 'status', 'notice', 'state', 'recipient'], rows)
}

/** What became of an item, and whom it concerns. */
export function ruledText({ id, status, touched }: Item & Touched): string {
  const line = `${id}  ${status}`
  return touched.length === 0 ? line : `${line}\n${touchedTable(touched)}`
}
