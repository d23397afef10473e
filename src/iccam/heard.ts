import type { Context, Transaction } from '../store/index.ts'
import { createEntries, type IccamEntry, type Spoken } from './entries.ts'

/** What ICCAM holds, or may hold, once it was handed over. */
const MAY_STAND_THERE: readonly Spoken['state'][] = ['sending', 'done', 'lost']

/**
 * Whether ICCAM has heard, or may have, what this house thinks of a case: at the content that was reported for it, or
 * at those that the tips came from. Asked in a transaction, so that nothing is handed over meanwhile.
 */
export function iccamHearing(context: Context) {
  const entries = createEntries(context)
  return {
    async iccamHeard(tx: Transaction, caseId: string, tipIds: readonly string[]): Promise<boolean> {
      for await (const entry of entries.by.case.rows(tx, [caseId])) if (isJudged(entry)) return true
      for (const tipId of tipIds) {
        const entry = await entries.by.tip.find(tx, [tipId])
        if (entry !== undefined && isJudged(entry)) return true
      }
      return false
    },
  }
}

/** The country and the number that a content has with us are no judgement. */
function isJudged({ sealed }: IccamEntry): boolean {
  return sealed.acts.some(
    ({ kind, state }) =>
      kind !== 'hosting' &&
      kind !== 'assigned-country' &&
      kind !== 'reference' &&
      MAY_STAND_THERE.includes(state),
  )
}
