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

/** How those of one kind that wait stand by now against the target for them. */
export interface QueueTarget {
  readonly lane: QueueLane
  /** Until when, after its arrival, one should have been looked at. */
  readonly targetHours: number
  readonly count: number
  /** How many wait longer than that. */
  readonly late: number
  /** When the oldest of them came, UTC ISO 8601. */
  readonly oldestAt: string
}

export interface QueuePlace {
  readonly lane: QueueLane
  /** When it should have been looked at, UTC ISO 8601. */
  readonly dueAt: string
  readonly isLate: boolean
  /** Why it stands there, for people, in one line. */
  readonly why: string
}
