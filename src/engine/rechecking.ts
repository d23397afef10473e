import type { Recheck } from '../recheck/index.ts'
import { guarded } from './guard.ts'
import type { Engine } from './types.ts'

/** The calls about looks: who may have Hindra look, and who may say what they saw themselves. */
export function recheckCalls(recheck: Recheck): Pick<Engine, 'recheck' | 'answerLook'> {
  return {
    recheck: guarded('recheck:run', async (by, caseId) =>
      caseId === undefined ? recheck.run(by.id) : [await recheck.runCase(by.id, caseId)],
    ),
    answerLook: guarded('recheck:answer', (by, ...said) => recheck.answer(by.id, ...said)),
  }
}
