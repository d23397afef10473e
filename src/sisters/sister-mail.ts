import { defined } from '../core/index.ts'
import { parseTip, type TipInput } from '../intake/index.ts'
import type { Incoming } from '../mails/index.ts'
import type { SisterHotline } from './hotlines.ts'
import type { SisterMailReason } from './terms.ts'
import { labelled } from './told-urls.ts'

/** Of a tip: what `note` and `reference` hold. */
const [NOTE_CHARS_MAX, REFERENCE_CHARS_MAX] = [4_000, 256]

/** A mail that waits for a person. */
export interface SisterMail {
  readonly id: string
  readonly at: string
  readonly why: SisterMailReason
  readonly from: string
  /** The hotline whose address that is, whoever wrote it; null where it is nobody's that we know. */
  readonly hotline: string | null
  readonly subject: string
  readonly text: string
  /** What would become tips. */
  readonly urls: readonly string[]
  /** Attachments, which nobody has looked at. */
  readonly attachments: number
}

/** What a tip says of the mail that it came by. */
export type MailSaid = Pick<Incoming, 'from' | 'subject' | 'text' | 'attachments'>

/** The sender's own name for what it tells: behind a label in the text, else the subject. */
export function referenceIn(
  { subject, text }: Pick<Incoming, 'subject' | 'text'>,
  { reference: labels }: Pick<SisterHotline, 'reference'>,
): string | undefined {
  const told = text
    .split('\n')
    .map((line) => labelled(line, labels))
    .find((value) => value !== undefined && value !== '')
  const reference = (told ?? subject).trim().slice(0, REFERENCE_CHARS_MAX).trim()
  return reference === '' ? undefined : reference
}

/** One tip a URL. Throws URL_INVALID. */
export function tipsOf(
  mail: MailSaid,
  urls: readonly string[],
  reference: string | undefined,
  hotline: string | null,
): readonly TipInput[] {
  const { from, subject, text, attachments } = mail
  const lines = [
    `mail of ${hotline ?? from}: ${subject}`,
    attachments === 0 ? undefined : `attachments that nobody looked at: ${attachments}`,
    text,
  ]
  const note = lines
    .filter((line) => line !== undefined)
    .join('\n')
    .slice(0, NOTE_CHARS_MAX)
  return urls.map((url) => parseTip({ url, source: 'hotline', note, ...defined({ reference }) }))
}
