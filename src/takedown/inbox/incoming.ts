import PostalMime, { addressParser, type Email } from 'postal-mime'
import { isoTime } from '../../core/index.ts'
import { envelopeOf } from '../mail/return-path.ts'
import { ownTextOfHtml } from './own-html.ts'
import { type RecipientStatus, readDeliveryStatus } from './delivery-status.ts'
import { type ReplyWord, claimOf, withoutQuotes } from './reply-text.ts'

/** A mail that came back, as far as it concerns notices. */
export interface Incoming {
  /** Envelopes that it may be an answer to, the likeliest first. */
  readonly envelopeIds: readonly string[]
  /** The mails whose Message-ID it names in its header, the nearest first; each with the fields that do. */
  readonly cited: ReadonlyMap<string, readonly string[]>
  /** Set where it is a delivery report (RFC 3464), one entry a recipient. */
  readonly statuses: readonly RecipientStatus[] | null
  /** The one address of its one `From`; empty where there is none, or more than one. */
  readonly from: string
  /** Its `Date`, UTC ISO 8601; null where that is none. */
  readonly date: string | null
  readonly subject: string
  /** Header fields that are there once, by name: of what comes twice nobody can say which is meant. */
  readonly once: ReadonlySet<string>
  /** Written by a machine (RFC 3834). */
  readonly automatic: boolean
  /** The text without quotes. */
  readonly text: string
  readonly claim: ReplyWord
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
  const text = withoutQuotes(mail.text ?? ownTextOfHtml(mail.html ?? ''))
  const addressed = [...header('to'), ...header('delivered-to'), ...header('x-original-to')]
  const replied = header('in-reply-to').flatMap(idsIn)
  const referred = header('references').flatMap(idsIn).reverse()
  const envelopeIds = [
    ...addressed.map(envelopeOf),
    ...[...replied, ...referred, ...returned.map(ownMessageId).flatMap(idsIn)],
  ]
  const fieldsOf = (id: string) => [
    ...(replied.includes(id) ? ['in-reply-to'] : []),
    ...(referred.includes(id) ? ['references'] : []),
  ]
  const names = mail.headers.map(({ key }) => key)
  return {
    envelopeIds: [...new Set(envelopeIds)].filter((id) => id !== undefined),
    cited: new Map([...replied, ...referred].map((id) => [id, fieldsOf(id)])),
    once: new Set(names.filter((name) => names.indexOf(name) === names.lastIndexOf(name))),
    date: dateOf(mail.date),
    statuses: reports.length === 0 ? null : reports.flatMap(readDeliveryStatus),
    from: onlyAddress(header('from')),
    subject: (mail.subject ?? '').slice(0, SUBJECT_MAX),
    automatic: isAutomatic(mail),
    text: text.slice(0, TEXT_MAX),
    claim: claimOf(text),
  }
}

/**
 * Whether a machine sent it; so it is also where the subject alone says so, or no sender does (RFC 3834, 3.3 and 4).
 */
function isAutomatic({ headers, subject = '' }: Email): boolean {
  return (
    headers.some(
      ({ key, value }) =>
        (key === 'auto-submitted' && value.trim().toLowerCase() !== 'no') ||
        (key === 'precedence' && /bulk|auto_reply|junk/i.test(value)) ||
        (key === 'return-path' && value.trim() === '<>') ||
        key === 'x-autoreply',
    ) || /^(autosvar|automatiskt svar|automatic reply|auto-?reply|out of office)\b/i.test(subject)
  )
}

function idsIn(value: string): readonly string[] {
  return [...value.matchAll(MESSAGE_ID)].map(([, id]) => (id ?? '').toLowerCase())
}

function onlyAddress(headers: readonly string[]): string {
  const [value, second] = headers
  const [only, other] = value === undefined ? [] : addressParser(value)
  if (second !== undefined || other !== undefined) return ''
  return only?.address ?? ''
}

function dateOf(text: string | undefined): string | null {
  const ms = Date.parse(text ?? '')
  return Number.isNaN(ms) ? null : isoTime(ms)
}

/** The own id of a message that was returned, and not those that it refers to. */
function ownMessageId(message: string): string {
  return /^message-id:\s*(<[^>]+>)/im.exec(message)?.[1] ?? ''
}
