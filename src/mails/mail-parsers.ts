import { readIncoming } from './incoming.ts'
import { proofOf } from './proof.ts'

/** What is made of the bytes of a mail. None of it asks anybody, so that it can be done anywhere. */
export const MAIL_PARSERS = { read: readIncoming, proof: proofOf }

export type MailParsers = typeof MAIL_PARSERS

/** One call of a parser. */
export type MailJob = {
  readonly [Name in keyof MailParsers]: {
    readonly name: Name
    readonly args: Parameters<MailParsers[Name]>
  }
}[keyof MailParsers]
