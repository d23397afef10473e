import type { NoticePart } from '../notice-part.ts'
import type { NoticeWriter } from '../notice-text.ts'

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
  reporter: { readonly organisation: string; readonly from: string; readonly write: NoticeWriter },
): CloudflareReport {
  const { organisation, from, write } = reporter
  const urls = [...new Set(part.notices.map(({ url }) => url))]
  const whole = write(part, (url) => url).body
  const short = write(part, (url) => `URL ${urls.indexOf(url) + 1 || 'of a page'}`).body
  const notices = part.notices.map(({ noticeId }) => noticeId).join(' ')
  const passedOn = part.notifier === null ? 'send-anon' : 'send'
  return {
    act: 'abuse_children',
    name: organisation.slice(0, NAME_MAX),
    email: from,
    email2: from,
    urls: urls.join('\n'),
    justification: (whole.length <= JUSTIFICATION_MAX ? whole : short).slice(0, JUSTIFICATION_MAX),
    comments: `Reference ${part.envelopeId}. Notices ${notices}`.slice(0, COMMENTS_MAX),
    host_notification: passedOn,
    ncmec_notification: passedOn,
    owner_notification: 'none',
  }
}
