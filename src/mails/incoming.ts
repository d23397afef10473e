import PostalMime, { addressParser, type Email } from 'postal-mime'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { envelopeOf } from './return-path.ts'
import { ownTextOfHtml } from './own-html.ts'
import { type RecipientStatus, readDeliveryStatus } from './delivery-status.ts'
import { isAutomatic, isReceipt } from './receipts.ts'
import { type ReplyWord, claimOf, withoutQuotes } from './reply-text.ts'

/** A mail that came, as far as it concerns notices and tips. */
export interface Incoming {
  /** Envelopes that it may be an answer to, the likeliest first, at most `IDS_MAX`. */
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
  /** A machine's word that a mail has come, or that nobody is there, and nothing that a person must read. */
  readonly isReceipt: boolean
  /** The text without quotes. */
  readonly text: string
  /** Whether there may be more of it than was read. */
  readonly isCut: boolean
  /** Attachments among what was read; none was looked at but for delivery reports. */
  readonly attachments: number
  readonly claim: ReplyWord
}

const TEXT_MAX = 4_000
const SUBJECT_MAX = 300
/** The store is asked for each; threads of mails are shorter. */
const IDS_MAX = 100
/**
 * postal-mime takes 20 us for a line and 100 for a part, however short: 5 MiB of line breaks took minutes and
 * gigabytes. What a person writes, and what a report says, comes before so many.
 */
const LINES_MAX = 20_000
const PARTS_MAX = 1_000
const PARSING = {
  maxNestingDepth: 32,
  maxHeadersSize: 256 * 1024,
  // What is attached is nobody's answer, and what is encoded in it would pass the limits above.
  forceRfc822Attachments: true,
  attachmentEncoding: 'utf8',
} as const
const [LINE_FEED, RETURN, DASH] = [0x0a, 0x0d, 0x2d]
const MESSAGE_ID = /<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^>\s]+>/gi

/**
 * Reads one mail, up to `LINES_MAX` and `PARTS_MAX`; attachments other than delivery reports are not looked at.
 * Throws MAIL_UNREADABLE.
 *
 * @param charsMax Of the text, at most
 */
export async function readIncoming(raw: Uint8Array, charsMax = TEXT_MAX): Promise<Incoming> {
  const beginning = beginningOf(raw)
  const mail = await parsed(beginning)
  const header = (name: string) =>
    mail.headers.filter(({ key }) => key === name).map(({ value }) => value)
  const parts = (...types: readonly string[]) =>
    mail.attachments
      .filter(({ mimeType }) => types.includes(mimeType))
      .map(({ content }) => (typeof content === 'string' ? content : ''))

  const reports = parts('message/delivery-status', 'message/global-delivery-status')
  const returned = parts('message/rfc822', 'text/rfc822-headers', 'message/global')
  const text = withoutQuotes(mail.text ?? ownTextOfHtml(mail.html ?? ''))
  const subject = (mail.subject ?? '').slice(0, SUBJECT_MAX)
  // Text comes before what is attached: where that has begun, the text is whole.
  const isCut = text.length > charsMax || (beginning !== raw && mail.attachments.length === 0)
  const addressed = [...header('to'), ...header('delivered-to'), ...header('x-original-to')]
  const replied = header('in-reply-to').flatMap(idsIn)
  const referred = header('references').flatMap(idsIn).reverse()
  const envelopeIds = [
    ...addressed.map(envelopeOf),
    ...[...replied, ...referred, ...returned.map(ownMessageId).flatMap(idsIn)],
  ]
  const citing = [
    ['in-reply-to', new Set(replied)],
    ['references', new Set(referred)],
  ] as const
  const fieldsOf = (id: string) => citing.flatMap(([name, ids]) => (ids.has(id) ? [name] : []))
  return {
    envelopeIds: [...new Set(envelopeIds)].filter((id) => id !== undefined).slice(0, IDS_MAX),
    cited: new Map([...replied, ...referred].map((id) => [id, fieldsOf(id)])),
    once: fieldsThereOnce(mail),
    date: dateOf(mail.date),
    statuses: reports.length === 0 ? null : reports.flatMap(readDeliveryStatus),
    from: onlyAddress(header('from')),
    subject,
    automatic: isAutomatic({ headers: mail.headers, subject: mail.subject ?? '' }),
    isReceipt: isReceipt({
      headers: mail.headers,
      subject,
      text: text.slice(0, charsMax),
      hasMore: isCut || mail.attachments.some((one) => !isOfLayout(one)),
    }),
    text: text.slice(0, charsMax),
    isCut,
    attachments: mail.attachments.length,
    claim: claimOf(text),
  }
}

async function parsed(beginning: Uint8Array): Promise<Email> {
  try {
    return await PostalMime.parse(beginning, PARSING)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'it is no mail'
    throw new HindraError('MAIL_UNREADABLE', why, { cause })
  }
}

/**
 * The header, which is never cut, for a field that comes twice must be seen to, and as much of the body as is read.
 * What begins as the boundary of a part does counts as one.
 */
function beginningOf(raw: Uint8Array): Uint8Array {
  let [lines, parts, start] = [0, 0, 0]
  let isHeader = true
  while (lines < LINES_MAX && parts < PARTS_MAX) {
    const end = raw.indexOf(LINE_FEED, start)
    if (end < 0) return raw
    isHeader &&= raw.subarray(start, end).some((byte) => byte !== RETURN)
    if (!isHeader && raw[start] === DASH && raw[start + 1] === DASH) parts += 1
    lines += 1
    start = end + 1
  }
  if (isHeader) throw new HindraError('MAIL_UNREADABLE', `a header of over ${LINES_MAX} lines`)
  return raw.subarray(0, start)
}

function fieldsThereOnce({ headers }: Email): ReadonlySet<string> {
  const once = new Set<string>()
  const seen = new Set<string>()
  for (const { key } of headers) {
    if (seen.has(key)) once.delete(key)
    else once.add(key)
    seen.add(key)
  }
  return once
}

/** A picture that the mail itself shows, as a logo: nobody's answer. */
function isOfLayout({ mimeType, related }: Email['attachments'][number]): boolean {
  return related === true && mimeType.startsWith('image/')
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
