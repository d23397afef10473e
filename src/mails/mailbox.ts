/** How much is read of a mail that is too large: enough for its header and the first words. */
export const HEAD_BYTES = 64 * 1024

/** `read` where Hindra took care of it, `unread` where a person must. */
export type MailState = 'read' | 'unread'

/** One mail that came; its bytes are null where it is larger than allowed. */
export interface Delivered {
  readonly raw: Uint8Array | null
  /** The first of them, where it is. */
  readonly head?: Uint8Array
  /** The mail is not given again. */
  done(flag: MailState): Promise<void>
}

/** The section of the settings that says where a mailbox is. */
export type MailboxName = 'inbox' | 'sisters'

/** Where mails are delivered to. */
export interface Mailbox {
  /**
   * Mails in the order of delivery. One that was not done with is given again, also after a crash. Throws INBOX_FAILED.
   */
  waiting(limit: number): AsyncIterable<Delivered>
}
