import type { Look } from '../cases/index.ts'

export type Outcome = Look['outcome']

export interface RecheckResult {
  readonly caseId: string
  readonly outcome: Outcome
  /** When the look began. */
  readonly at: string
  readonly reason: string
  /** PDQ distance to what was known, where something was compared. */
  readonly distance: number | null
}
