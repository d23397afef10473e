import { z } from 'zod'

function most(count: number, what: string) {
  return z.int().min(1).max(900).default(count).describe(what)
}

export const batchesSettings = {
  dismissMax: most(300, 'Most tips that one act dismisses'),
  toldMax: most(100, 'Most notices that one act says were told by hand'),
  releaseMax: most(25, 'Most notices that one act lets go before the police have answered'),
  assessMax: most(50, 'Most tips on one file that one act assesses'),
  decideMax: most(50, 'Most cases on one file or item that one act decides'),
  verifyMax: most(100, 'Most items that one act verifies'),
  takeMax: most(100, 'Most tips or cases that one act takes or puts back'),
}
