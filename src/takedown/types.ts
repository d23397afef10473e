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

/** What one recipient is told about one case at one step; unique by (case, recipient, step). */
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
  readonly attempts: number
  /** The process died between handing over and hearing the answer: the mail may have gone twice. */
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

/** Hands a mail to the relay. Throws MAIL_FAILED. */
export interface MailTransport {
  send(mail: Mail): Promise<{ readonly response: string }>
  /** Connects and says hello; throws MAIL_FAILED. */
  verify(): Promise<void>
  close(): void
}
