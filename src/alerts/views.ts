import type { Alert } from '../cases/index.ts'

/** Who reads the feed by name, and how far it has come. */
export interface ConsumerView {
  readonly name: string
  /** Principal that acknowledged first; nobody else may. */
  readonly owner: string
  /** The cursor of the last alert that it has done with. */
  readonly cursor: string
  /** How many alerts lie behind it. */
  readonly lag: number
  readonly createdAt: string
  readonly acknowledgedAt: string
}

export type WebhookState = 'active' | 'disabled'

/** An endpoint that alerts are posted to, as lists show it. */
export interface WebhookView {
  readonly id: string
  readonly state: WebhookState
  /** Origin and path; what follows them may be a secret. */
  readonly url: string
  readonly createdAt: string
  /** The cursor of the last alert that was delivered or given up. */
  readonly cursor: string
  readonly lag: number
  readonly delivered: number
  readonly deadLetters: number
  /** Failures in a row of the alert whose turn it is. */
  readonly attempts: number
  readonly retryAt: string | null
  readonly lastDeliveredAt: string | null
  readonly lastError: string | null
  /** Until when the secret before the last rotation signs too. */
  readonly overlapEndsAt: string | null
}

/** An endpoint at the one moment when its secret is known. */
export interface NewWebhook extends WebhookView {
  /** `whsec_` and 32 bytes in base64. */
  readonly secret: string
}

/** An alert that an endpoint did not take in all its attempts. */
export interface DeadLetter {
  readonly webhookId: string
  readonly alert: Alert
  readonly attempts: number
  readonly deadAt: string
  readonly lastError: string
}

/** What came of one POST. */
export interface PostResult {
  readonly delivered: boolean
  /** HTTP status; null where there was no answer. */
  readonly status: number | null
  /** Null where it was delivered. Holds no address and nothing that the endpoint said. */
  readonly error: string | null
}

export interface ResendReport {
  readonly delivered: number
  readonly failed: number
}
