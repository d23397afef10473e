import type { CaseLook } from '../cases/index.ts'

export interface RecheckResult extends CaseLook {
  readonly caseId: string
  /** PDQ distance to what was known, where something was compared. */
  readonly distance: number | null
  /** When the case is looked at next; null for never again. */
  readonly nextRecheckAt: string | null
  readonly nextRecheckWhy: string | null
}
