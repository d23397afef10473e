import type { NoticePart } from '../notice-part.ts'

const JUSTIFICATION_MAX = 5_000
const COMMENTS_MAX = 2_000
const NAME_MAX = 255

/** What Hindra writes of Cloudflare's abuse report of the type `abuse_children`. */
interface CloudflareReport {
  readonly act: 'abuse_children'
  readonly name: string
  readonly email: string
  /** The same again. */
  readonly email2: string
  /** One a line, all of one host name, none twice. */
  readonly urls: string
  readonly justification: string
  readonly comments: string
  readonly host_notification: 'send' | 'send-anon'
  readonly ncmec_notification: 'send' | 'send-anon'
  /** The customer whose site it is would be warned. */
  readonly owner_notification: 'none'
}

/**
 * Where the text with all URLs would be cut off, it names them by their numbers in the list. Who reports
 * is told to Cloudflare in any case; whether it passes that on follows the notice.
 */
export function cloudflareReport(
  part: NoticePart,
  whole: string,
  { organisation, from }: { readonly organisation: string; readonly from: string },
): CloudflareReport {
  const urls = [...new Set(part.notices.map(({ url }) => url))]
  const notices = part.notices.map(({ noticeId }) => noticeId).join(' ')
  const passedOn = part.notifier === null ? 'send-anon' : 'send'
  return {
    act: 'abuse_children',
    name: organisation.slice(0, NAME_MAX),
    email: from,
    email2: from,
    urls: urls.join('\n'),
    justification: (whole.length <= JUSTIFICATION_MAX ? whole : numbered(whole, part, urls)).slice(
      0,
      JUSTIFICATION_MAX,
    ),
    comments: `Reference ${part.envelopeId}. Notices ${notices}`.slice(0, COMMENTS_MAX),
    host_notification: passedOn,
    ncmec_notification: passedOn,
    owner_notification: 'none',
  }
}

/** The text with every URL by its number in the list. */
function numbered(text: string, { notices }: NoticePart, urls: readonly string[]): string {
  const pages = notices.flatMap(({ pageUrl }) => pageUrl ?? [])
  const named = [
    ...urls.map((url, position) => [url, `URL ${position + 1}`] as const),
    ...pages.map((url) => [url, 'URL of a page'] as const),
  ]
  // The longest first: one may begin with another.
  const sorted = [...named].sort(([a], [b]) => b.length - a.length)
  return sorted.reduce((left, [url, name]) => left.replaceAll(url, name), text)
}
