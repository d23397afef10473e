/** What a person can take, so that nobody else does the same meanwhile. */
export const ASSIGNED_KINDS = ['tip', 'case'] as const
export type AssignedKind = (typeof ASSIGNED_KINDS)[number]

/** A tip or a case that one person works on, until a time. Times are UTC ISO 8601. */
export interface Assignment {
  readonly kind: AssignedKind
  /** Of the tip or the case. */
  readonly id: string
  /** Principal id of who works on it. */
  readonly by: string
  /** Their pseudonym. */
  readonly holder: string
  readonly since: string
  /** Prolonged by each act of theirs on it; behind this time it is free. */
  readonly until: string
  /** A child is in danger: it is held for a shorter time. */
  readonly isUrgent: boolean
  /** Pseudonym of the colleague to whom it is offered, and who has not accepted yet. */
  readonly offeredTo: string | null
}
