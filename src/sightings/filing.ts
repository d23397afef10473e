import type { Cases, OpenResult, SightedAt } from '../cases/index.ts'
import type { Looked } from '../match/index.ts'
import type { Recheck } from '../recheck/index.ts'
import type { Register } from '../register/index.ts'
import type { Transaction } from '../store/index.ts'

/** Files what a look found in its case, which also keeps what was seen: so that it is known again. */
export type FileMatch = (
  tx: Transaction,
  by: string,
  seen: SightedAt,
  looked: Pick<Looked, 'judgement' | 'fingerprint' | 'isFetched'>,
) => Promise<OpenResult>

export function createFiling(parts: {
  readonly cases: Pick<Cases, 'openFromMatch'>
  readonly register: Register
  readonly recheck: Pick<Recheck, 'show'>
}): FileMatch {
  const { cases, register, recheck } = parts
  return async (tx, by, seen, { judgement, fingerprint, isFetched = false }) => {
    const result = await cases.openFromMatch(tx, by, seen, judgement, register)
    // Of hashes that a client supplied nothing was seen.
    if (result.caseId !== undefined && fingerprint?.hasher === 'pdq-fullres') {
      await recheck.show(tx, result.caseId, fingerprint, isFetched)
    }
    return result
  }
}
