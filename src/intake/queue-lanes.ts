/** Who waits beside whom in the queue of tips. */
export const QUEUE_LANES = [
  'danger',
  'own-request',
  'urgent',
  'public',
  'hotline',
  'own-work',
  'list',
] as const

export type QueueLane = (typeof QUEUE_LANES)[number]

export interface QueuePlace {
  readonly lane: QueueLane
  /** When it should have been looked at, UTC ISO 8601. */
  readonly dueAt: string
  readonly isLate: boolean
  /** Why it stands there, for people, in one line. */
  readonly why: string
}
