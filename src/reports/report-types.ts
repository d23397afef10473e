import type { FigureId, FigureRow, FigureUnit, InWords, RowKind } from '../stats/index.ts'

/** Which report a house makes for others. */
export const REPORT_NAMES = ['dsa', 'inhope', 'ecpat'] as const
export type ReportName = (typeof REPORT_NAMES)[number]

/** What it takes to be shown a row, by the kind of its record. */
export const ROW_READS = {
  tip: 'tip:read',
  case: 'case:read',
  assessment: 'case:read',
  panel: 'case:read',
  sample: 'case:read',
  notice: 'notice:read',
  objection: 'notice:read',
} as const satisfies Readonly<Record<RowKind, string>>

/** `hidden`: too small a number to be published, or one from which such a number could be worked out. */
export type ReportCell = number | null | 'hidden'

/** A figure of one group, or of all; a cell a column. */
export interface ReportLine {
  /** Null for all of them together. */
  readonly group: string | null
  readonly name: InWords
  readonly cells: readonly ReportCell[]
}

/** What others have published of the same, so that it stands beside one's own. */
export interface PublishedFigure {
  readonly by: string
  readonly year: number
  readonly value: number
  readonly unit: FigureUnit
}

export interface ReportFigure {
  readonly id: FigureId
  readonly unit: FigureUnit
  readonly title: InWords
  readonly says: InWords
  readonly lines: readonly ReportLine[]
  readonly beside: readonly PublishedFigure[]
  /** What kinds of records its rows are, for who wants to see them; empty in what is published. */
  readonly rowKinds: readonly RowKind[]
}

/** How a figure differs from what was counted when its period was closed, by rows. */
export interface FigureChange {
  readonly figure: FigureId
  /** Rows that were not counted then, and the ids of the first of them. */
  readonly added: number
  readonly addedIds: readonly string[]
  /** Rows that count as something else now. */
  readonly changed: number
  /** Rows that are still kept and do not count any more. */
  readonly left: number
  /** Rows that retention took: they stand as they were counted. */
  readonly taken: number
}

/** That a period was closed, and what has become of its figures since. */
export interface ReportClosing {
  readonly at: string
  /** Of the figures and rows as they were counted; the audit has it as well. */
  readonly digest: string
  /** Whether a figure of the report differs, but for what retention took. */
  readonly isChanged: boolean
  /** Empty in what is published: a row more is a small number. */
  readonly changes: readonly FigureChange[]
}

/** Words of the house in a report; the body is null where the house has written none. */
export interface ReportWords {
  readonly heading: InWords
  readonly body: Readonly<{ sv: string | null; en: string | null }>
}

export interface HouseReport {
  readonly report: ReportName
  readonly title: InWords
  readonly house: string
  /** `2026`, `2026-Q4`, `2026-11` */
  readonly period: string
  readonly timeZone: string
  /** UTC ISO 8601: the first moment in it, and the first one behind it. */
  readonly from: string
  readonly to: string
  readonly madeAt: string
  /** Whether the period was over when it was made. */
  readonly isOver: boolean
  /** Whether small numbers are hidden, so that it may be published. */
  readonly forPublication: boolean
  /** Numbers from 1 up to below this are hidden in what is published. */
  readonly smallBelow: number
  /** The period, then its parts: the months of a quarter. */
  readonly columns: readonly string[]
  readonly figures: readonly ReportFigure[]
  readonly texts: readonly ReportWords[]
  /** Null while nobody has closed the period. */
  readonly closed: ReportClosing | null
}

/** One row of a figure, with what it was about, defanged. */
export interface ExplainedRow extends FigureRow {
  /** Null where the record is not there any more. */
  readonly shows: string | null
}

/** The rows that a figure counts. */
export interface FigureExplanation {
  readonly figure: FigureId
  readonly unit: FigureUnit
  readonly title: InWords
  readonly says: InWords
  readonly period: string
  readonly value: number | null
  /** How many rows there are in all; those of one page are shown. */
  readonly rowsInAll: number
  /** Rows that were counted and that retention has taken since. */
  readonly gone: number
  readonly rows: readonly ExplainedRow[]
}
