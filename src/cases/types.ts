import type { Classification } from '../register/index.ts'
import type { Match, Verdict } from '../match/index.ts'

export const CASE_STATUSES = [
  'open',
  'in-progress',
  'removed',
  'unavailable',
  'moved',
  'closed',
  'disputed',
  'not-illegal',
  'retracted',
] as const
export type CaseStatus = (typeof CASE_STATUSES)[number]

/** What a case is about: a known item, or an analyst's assessment of something new. */
export type Subject =
  | { readonly kind: 'item'; readonly id: string }
  | { readonly kind: 'assessment'; readonly id: string }

/** `not-needed` for exact and confirmed verdicts; `pending` bars every notice. */
export type Decision = 'not-needed' | 'pending' | 'accepted' | 'rejected'

export interface Case {
  readonly id: string
  readonly status: CaseStatus
  readonly subject: Subject
  readonly verdict: Exclude<Verdict, 'none'> | 'assessed'
  readonly decision: Decision
  readonly classification: Classification
  readonly openedAt: string
  readonly lastSeenAt: string
  readonly sightings: number
  readonly removedAt: string | null
  readonly reopened: number
  readonly nextRecheckAt: string | null
  readonly missesInRow: number
  readonly hostName: string | null
  readonly country: string | null
  readonly closedReason: string | null
  /** Opened or re-opened by a copy at another URL of an item that had been removed before. */
  readonly returned: boolean
  readonly url: string
  readonly rawUrl: string
  readonly pageUrl: string | null
  readonly matches: readonly Match[]
  readonly history: readonly CaseEvent[]
}

export interface CaseEvent {
  readonly at: string
  readonly by: string
  readonly from: CaseStatus | null
  readonly to: CaseStatus
  readonly reason: string | null
}

export type AlertKind = 'opened' | 'review' | 'seen-again' | 'reopened' | 'returned' | 'removed'

/** What the takedown pipeline consumes: durable, in commit order, delivered at least once. */
export interface Alert {
  /** The cursor: pass it as `after` to go on behind this alert. */
  readonly cursor: string
  readonly kind: AlertKind
  readonly caseId: string
  readonly at: string
}

export interface AssessmentInput {
  readonly url: string
  readonly pageUrl?: string
  readonly classification: Classification
  readonly reason: string
  readonly tipId?: string
}
