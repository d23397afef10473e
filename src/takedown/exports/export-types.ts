import type { Case, CaseHost, TakeBackReason } from '../../cases/index.ts'
import type { NoticeLine } from '../notice-part.ts'

export const EXPORT_KINDS = ['iccam', 'interpol'] as const
export type ExportKind = (typeof EXPORT_KINDS)[number]

export const EXPORT_FORMATS = ['json', 'scart'] as const
/** `scart`: CSV in SCARt's import columns, of ICCAM exports. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/**
 * What has been done about it, in ICCAM's words (v3), and when. Source of the words: SCARt's table of
 * ICCAM's fields (AbuseIO/SCART-application, scart/updates/seeder6018.php, 2024-05-07).
 */
export interface IccamAction {
  readonly action: 'ReportedToLEA' | 'ReportedToISP' | 'Removed' | 'NotIllegal'
  readonly at: string
}

/** What is known of the material and of whom it concerns. What is not known is absent, and nothing is guessed. */
export interface Assessed {
  /** The depicted child itself asks for removal. */
  readonly ownRequest?: true
  /** A child is in danger now, as an analyst says. */
  readonly inDangerNow?: true
  /** A term of the vocabulary of our register: `infant`, `pre-pubescent`, `pubescent`. */
  readonly ageBand?: string
  readonly selfGenerated?: boolean
  readonly siteType?: string
  readonly commerciality?: string
  /** Terms of the Universal Classification Schema, as they came: sex, AI-made and more, where a list says so. */
  readonly ucs?: readonly string[]
  /** Answers of the assessment to the questions that ICCAM has a field for: our own terms, by the id of the question. */
  readonly answers?: Readonly<Record<string, readonly string[]>>
  /** Pseudonym of the analyst who assessed it, or confirmed the match. */
  readonly analyst?: string
}

/** One notice, as an export tells it. No hash of any kind is ever among this. */
export interface ExportLine
  extends Pick<
    NoticeLine,
    'noticeId' | 'caseId' | 'url' | 'pageUrl' | 'addresses' | 'host' | 'country' | 'basis'
  > {
  /** What of the known material it shows; null of what was assessed, absent from documents of versions that did not say. */
  readonly shown?: NoticeLine['shown']
  /** What it takes back was exported before. */
  readonly withdrawn: boolean
  /** What was exported before is gone. */
  readonly removed: boolean
  /** Why it is taken back; absent where it is not, and from documents of versions that did not say. */
  readonly takenBack?: TakeBackReason
  /** What whoever assessed it knows of it beside. */
  readonly assessed?: Assessed
  readonly classification: Case['classification']
  readonly asn: CaseHost['asn']
  readonly firstSeenAt: string
  readonly lastSeenAt: string
  readonly actions: readonly IccamAction[]
}

/** One document that was made of notices, once and for all. */
export interface NoticeExportView {
  readonly id: string
  readonly kind: ExportKind
  /** The name of the file, without ending: `iccam-NL-2026-11-02`, `interpol-2026-11-02-2`. */
  readonly name: string
  /** The country whose hotline an ICCAM export is for (ISO 3166-1 alpha-2). */
  readonly country: string | null
  /** UTC day of the notices of an INTERPOL export, of the making of an ICCAM one. */
  readonly day: string
  readonly lines: number
  readonly madeBy: string
  readonly madeAt: string
  /** When it was written into `hotlineExports.directory`. */
  readonly writtenAt: string | null
}

export interface ExportText {
  readonly fileName: string
  readonly contentType: string
  readonly text: string
}
