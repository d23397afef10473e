import PostalMime, { type Email } from 'postal-mime'
import { textOfHtml } from '../../intake/index.ts'
import { envelopeOf } from '../mail/return-path.ts'
import { type RecipientStatus, readDeliveryStatus } from './delivery-status.ts'
import { type ReplyClaim, claimOf, withoutQuotes } from './reply-text.ts'

/** A mail that came back, as far as it concerns notices. */
export interface Incoming {
  /** Envelopes that it may be an answer to, the likeliest first. */
  readonly envelopeIds: readonly string[]
  /** Set where it is a delivery report (RFC 3464), one entry a recipient. */
  readonly statuses: readonly RecipientStatus[] | null
  readonly from: string
  readonly subject: string
  /** Written by a machine (RFC 3834). */
  readonly automatic: boolean
  /** Without quotes. */
  readonly text: string
  readonly claim: ReplyClaim
}

const TEXT_MAX = 4_000
const SUBJECT_MAX = 300
const PARSE_LIMITS = { maxNestingDepth: 32, maxHeadersSize: 256 * 1024, maxRfc822NestingDepth: 4 }
const MESSAGE_ID = /<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^>\s]+>/gi

/**
 * Reads one mail; attachments other than delivery reports are not looked at. Throws what the parser
 * throws where it is no mail.
 */
export async function readIncoming(raw: Uint8Array): Promise<Incoming> {
  const mail = await PostalMime.parse(raw, { ...PARSE_LIMITS, attachmentEncoding: 'utf8' })
  const header = (name: string) =>
    mail.headers.filter(({ key }) => key === name).map(({ value }) => value)
  const parts = (...types: readonly string[]) =>
    mail.attachments
      .filter(({ mimeType }) => types.includes(mimeType))
      .map(({ content }) => (typeof content === 'string' ? content : ''))

  const reports = parts('message/delivery-status', 'message/global-delivery-status')
  const returned = parts('message/rfc822', 'text/rfc822-headers', 'message/global')
  const text = withoutQuotes(mail.text ?? textOfHtml(mail.html ?? ''))
  const addressed = [...header('to'), ...header('delivered-to'), ...header('x-original-to')]
  const cited = [...header('in-reply-to'), ...header('references'), ...returned.map(ownMessageId)]
  const envelopeIds = [
    ...addressed.map(envelopeOf),
    ...cited.flatMap((value) => [...value.matchAll(MESSAGE_ID)].map(([, id]) => id?.toLowerCase())),
  ]
  return {
    envelopeIds: [...new Set(envelopeIds)].filter((id) => id !== undefined),
    statuses: reports.length === 0 ? null : reports.flatMap(readDeliveryStatus),
    from: mail.from?.address ?? '',
    subject: (mail.subject ?? '').slice(0, SUBJECT_MAX),
    automatic: isAutomatic(mail),
    text: text.slice(0, TEXT_MAX),
    claim: claimOf(text),
  }
}

function isAutomatic({ headers }: Email): boolean {
  return headers.some(
    ({ key, value }) =>
      (key === 'auto-submitted' && value.trim().toLowerCase() !== 'no') ||
      (key === 'precedence' && /bulk|auto_reply|junk/i.test(value)) ||
      key === 'x-autoreply',
  )
}

/** Of a message that was returned: its own id, and not those that it refers to. */
function ownMessageId(message: string): string {
  return /^message-id:\s*(<[^>]+>)/im.exec(message)?.[1] ?? ''
}
