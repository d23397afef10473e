import { z } from 'zod'
import type { Extent } from '../../match/index.ts'
import type { NoticeLine, NoticePart } from '../notice-part.ts'

const text = (max: number) => z.string().min(1).max(max)
const contact = z.strictObject({ org: text(200), contact: z.email(), domain: z.hostname() })

/**
 * What Hindra writes of XARF 4.2, `content` / `csam` (xarf.org). The format allows hashes and
 * evidence; here they are refused, as anything else that is not listed. `hindra` is an extension.
 */
export const XARF_CSAM = z.strictObject({
  xarf_version: z.literal('4.2.0'),
  report_id: z.uuid(),
  timestamp: z.iso.datetime(),
  reporter: contact,
  sender: contact,
  /** Address of the server, else its name. */
  source_identifier: text(253),
  category: z.literal('content'),
  type: z.literal('csam'),
  url: z.url(),
  domain: z
    .string()
    .regex(/^([a-z0-9]+(-[a-z0-9]+)*\.)+[a-z]{2,}$/)
    .exactOptional(),
  verified_at: z.iso.datetime(),
  verification_method: z.enum(['manual', 'automated_crawler']),
  hosting_provider: text(200).exactOptional(),
  country_code: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .exactOptional(),
  classification: z.literal('baseline'),
  detection_method: z.enum(['hash_match', 'manual_review']),
  evidence_source: z.enum(['crawler', 'researcher_analysis']),
  description: text(1_000),
  hindra: z.strictObject({
    case_id: z.uuid(),
    step: z.string(),
    first_seen_at: z.iso.datetime(),
    page_url: z.url().nullable(),
    reminds: z
      .strictObject({
        notice_id: z.uuid(),
        message_id: z.string().nullable(),
        sent_at: z.iso.datetime(),
      })
      .nullable(),
  }),
})

export type XarfReport = z.infer<typeof XARF_CSAM>

const DESCRIPTION_MAX = 1_000
const ORGANISATION_MAX = 200

type XarfSource = Omit<NoticePart, 'attached'>

/**
 * One report a URL. XARF's classes are `baseline` and those of the US industry (A1 to B2), which nobody here
 * assigns; it has none for what is illegal in some countries only, and no way to take a notice back. An
 * account that threatens is no `csam` unless known media was found at it. Of all those there is no report,
 * nor of what would not be valid.
 */
export function xarfReports(part: XarfSource, replyTo: string): readonly XarfReport[] {
  if (part.step === 'correction' || part.nature !== 'illegal') return []
  return part.notices
    .filter(showsBaseline)
    .flatMap((line) => XARF_CSAM.safeParse(reportOf(part, line, replyTo)).data ?? [])
}

function showsBaseline({ classification, account, basis }: NoticeLine): boolean {
  return classification === 'Baseline' && (!account || basis === 'known-material')
}

function reportOf(part: XarfSource, line: NoticeLine, replyTo: string): XarfReport {
  const { hostname } = new URL(line.url)
  const reporter = {
    org: (part.notifier?.organisation ?? 'withheld').slice(0, ORGANISATION_MAX),
    contact: part.notifier?.contact ?? replyTo,
    domain: replyTo.slice(replyTo.lastIndexOf('@') + 1),
  }
  const isKnown = line.basis === 'known-material'
  return {
    xarf_version: '4.2.0',
    report_id: line.noticeId,
    timestamp: line.lastSeenAt,
    reporter,
    sender: reporter,
    source_identifier: line.addresses[0] ?? hostname,
    category: 'content',
    type: 'csam',
    url: line.url,
    ...(XARF_CSAM.shape.domain.safeParse(hostname).success ? { domain: hostname } : {}),
    verified_at: line.lastSeenAt,
    verification_method: line.judgedBy === 'comparison' ? 'automated_crawler' : 'manual',
    ...(line.host === '' ? {} : { hosting_provider: line.host.slice(0, ORGANISATION_MAX) }),
    ...(line.country === null ? {} : { country_code: line.country }),
    classification: 'baseline',
    detection_method: isKnown ? 'hash_match' : 'manual_review',
    evidence_source: isKnown ? 'crawler' : 'researcher_analysis',
    description: descriptionOf(part, line).slice(0, DESCRIPTION_MAX),
    hindra: {
      case_id: line.caseId,
      step: line.step,
      first_seen_at: line.firstSeenAt,
      page_url: line.pageUrl,
      reminds: line.reminds && {
        notice_id: line.reminds.noticeId,
        message_id: line.reminds.messageId,
        sent_at: line.reminds.sentAt,
      },
    },
  }
}

/** What it shows, that was assessed before. */
const KNOWN: Readonly<Record<Extent, string>> = {
  copy: 'A copy of material that was assessed before as child sexual abuse material.',
  piece:
    'A film that shows all or part of a film that was assessed before as child sexual abuse material.',
  frame:
    'A picture, or a film that shows a picture, from a film that was assessed before as child sexual abuse material; the picture by itself was not assessed.',
  still: 'A film that shows a picture that was assessed before as child sexual abuse material.',
}

function descriptionOf({ laws }: XarfSource, { shown }: NoticeLine): string {
  const what =
    shown === null ? 'Assessed by an analyst as child sexual abuse material.' : KNOWN[shown.extent]
  return laws.length === 0 ? what : `${what} Contrary to ${laws.join('; ')}.`
}
