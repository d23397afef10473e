import type { Principal } from '../access/index.ts'
import type { Case, CaseFilter, CaseTakeBack, Cases } from '../cases/index.ts'
import type { Store } from '../store/index.ts'
import type { Takedown } from '../takedown/index.ts'
import { guarded, type Readings } from './guard.ts'
import { decideRejudged } from './rejudging.ts'
import type { Engine } from './types.ts'

/** The calls about cases that a person looks at and decides: who may make them, and what does the work. */
export function caseCalls(
  store: Store,
  readings: Readings,
  cases: Cases,
  takedown: Pick<Takedown, 'list' | 'withdrawForCase' | 'correctForCase'>,
): Pick<Engine, 'cases' | 'case' | 'decide' | 'close'> {
  async function close(
    by: Principal,
    caseId: string,
    reason: string,
    { takeBack }: { readonly takeBack?: CaseTakeBack } = {},
  ): Promise<Case> {
    return store.transact(async (tx) => {
      await takedown.withdrawForCase(tx, by.id, caseId)
      if (takeBack === undefined) return cases.close(tx, by.id, caseId, reason)
      takedown.correctForCase(tx, caseId)
      return cases.takeBack(tx, by.id, caseId, takeBack, reason)
    })
  }

  return {
    cases: readings.page(
      ...(['case:read', 'case.list'] as const),
      (_by, filter: CaseFilter) => cases.list(filter),
      (filter, max) => cases.count(filter, max),
    ),
    case: readings.one('case:read', 'case.read', async (_by, caseId) => ({
      ...(await cases.get(caseId)),
      host: await store.transact((tx) => cases.hostOf(tx, caseId)),
      notices: await takedown.list({ caseId }),
    })),
    decide: guarded('case:decide', (by, caseId, decision, reason) =>
      store.transact(
        async (tx) =>
          (await decideRejudged(tx, { cases, takedown }, by, caseId, decision, reason)) ??
          cases.decide(tx, by.id, caseId, decision, reason),
      ),
    ),
    close: guarded('case:close', close),
  }
}
