export const NOTICE_STATES = [
  'held',
  'queued',
  'sending',
  'sent',
  'bounced',
  'acknowledged',
  'failed',
  'withdrawn',
] as const
export type NoticeState = (typeof NOTICE_STATES)[number]

export type LadderStep = 'notice' | 'reminder'

/**
 * What one recipient is told about one case at one step; unique by (case, recipient, step) from
 * one opening of the case to the next.
 */
export interface Notice {
  readonly id: string
  readonly caseId: string
  readonly step: LadderStep
  readonly state: NoticeState
  readonly recipient: string
  readonly hostName: string
  readonly envelopeId: string | null
  readonly messageId: string | null
  readonly queuedAt: string
  readonly sentAt: string | null
  /** How often it was handed to a relay that answered, or may have taken it. */
  readonly attempts: number
  /** Handed over without an answer being heard (crash, lost line): it may have gone twice. */
  readonly possiblyDoubled: boolean
  readonly lastError: string | null
}

/** One mail to one recipient, with the notices it carries. */
export interface Mail {
  readonly envelopeId: string
  readonly messageId: string
  readonly from: string
  readonly to: string
  /** The whole message, RFC 5322. */
  readonly raw: Uint8Array
}

/** Hands a mail to the relay. */
export interface MailTransport {
  /** Resolves when the relay has taken the mail. Throws MailError. */
  send(mail: Mail): Promise<{ readonly response: string }>
  /** Connects, says hello and signs in; throws MailError. */
  verify(): Promise<void>
  close(): void
}
