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

/**
 * Why somebody leaves a tip or case to others: its language, what one must know of it, that it concerns people they
 * know, that they need a break, that something technical keeps them from it, or another reason.
 */
export const SKIP_REASONS = [
  'language',
  'knowledge',
  'conflict',
  'break',
  'technical',
  'other',
] as const
export type SkipReason = (typeof SKIP_REASONS)[number]

/** That a person left a tip or a case to others. */
export interface Skip {
  /** Their pseudonym. */
  readonly who: string
  readonly why: SkipReason
  /** In their own words; null where they wrote none. */
  readonly reason: string | null
  /** UTC ISO 8601. */
  readonly at: string
}
