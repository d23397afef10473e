import type { Case } from '../cases/index.ts'
import type { LadderStep } from './types.ts'

/** One URL to act on. Times are UTC ISO 8601. No hash of any kind is ever among this. */
export interface NoticeLine {
  readonly noticeId: string
  readonly caseId: string
  readonly step: LadderStep
  /** The exact location of the media, as it was last seen. */
  readonly url: string
  /** The page that shows it. */
  readonly pageUrl: string | null
  readonly firstSeenAt: string
  readonly lastSeenAt: string
  /** Of INHOPE and INTERPOL: `Baseline` or `National`. */
  readonly classification: Case['classification']
  /** A copy of material that two persons had verified, or assessed by an analyst at this URL. */
  readonly basis: 'known-material' | 'assessment'
  /** Of a reminder: the mail that it reminds of. */
  readonly reminds: { readonly messageId: string; readonly sentAt: string } | null
}

/**
 * The machine-readable part of a notice (application/json, `hindra-notice.json`), schema
 * `hindra-notice/1`: fields may be added under this name, none is changed or taken away.
 */
export interface NoticePart {
  readonly schema: 'hindra-notice/1'
  readonly envelopeId: string
  readonly step: LadderStep
  readonly composedAt: string
  readonly legalBasis: 'Regulation (EU) 2022/2065, Article 16'
  /** Who gives notice, and the address for questions. */
  readonly notifier: { readonly organisation: string; readonly contact: string }
  /** Who is notified, as the notifier knows it. */
  readonly provider: string
  readonly notices: readonly NoticeLine[]
}

export function noticeLine(
  entry: Case,
  notice: { readonly id: string; readonly step: LadderStep },
  reminds: NoticeLine['reminds'],
): NoticeLine {
  return {
    noticeId: notice.id,
    caseId: entry.id,
    step: notice.step,
    url: oneLine(entry.rawUrl),
    pageUrl: entry.pageUrl !== null && URL.canParse(entry.pageUrl) ? oneLine(entry.pageUrl) : null,
    firstSeenAt: entry.openedAt,
    lastSeenAt: entry.lastSeenAt,
    classification: entry.classification,
    basis: entry.subject.kind === 'item' ? 'known-material' : 'assessment',
    reminds,
  }
}

/** A URL as the WHATWG parser writes it: ASCII without spaces, so that none can forge a line. */
function oneLine(url: string): string {
  return new URL(url).href
}
