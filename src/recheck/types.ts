export type Outcome = 'present' | 'gone' | 'moved' | 'unverifiable'

export interface RecheckResult {
  readonly caseId: string
  readonly outcome: Outcome
  readonly at: string
  readonly reason: string
  /** PDQ distance to the item, where something was compared. */
  readonly distance: number | null
}
