import type { Verdict } from '../match/index.ts'
import type { Cautions } from '../register/index.ts'
import type { ErrandCounts } from '../takedown/index.ts'

/** One quarter, month or year, and beside it what stands so now, whatever the period. */
export interface QuarterTable extends PeriodTable, Cautions {
  /** What waits for a person now, whatever the period. */
  readonly waiting: ErrandCounts
}

/** One period, counted from the store and the counters; `FIGURES` says what each figure means. */
export interface PeriodTable {
  /** `2026-Q4`, `2026-11` for a month, `2026` for a year */
  readonly quarter: string
  /** Whose midnights the period is cut at. */
  readonly timeZone: string
  /** UTC ISO 8601: the first moment in it, and the first one behind it. */
  readonly from: string
  readonly to: string
  readonly tips: Readonly<Record<string, number>>
  /** How many of the tips the depicted child itself sent. */
  readonly ownRequestTips: number
  /** How many of the tips have no URL, by who told of them and by what they are about. */
  readonly tipsWithoutUrl: Readonly<Record<string, number>>
  readonly tipsByCategory: Readonly<Record<string, number>>
  /** Mails of sister hotlines that became tips, and attachments of such mails, which nobody looked at. */
  readonly sisterMails: { readonly taken: number; readonly attachments: number }
  readonly sightings: number
  /** Sightings by the source that an admin gave a key; those of keys without one are in the sum alone. */
  readonly sightingsBySource: Readonly<Record<string, number>>
  readonly pictures: number
  readonly films: number
  readonly failed: number
  /** Sightings that matched nothing until something was verified later. */
  readonly retroactive: number
  readonly verdicts: Readonly<Record<Verdict, number>>
  readonly casesOpened: number
  /** How many of those opened in the quarter stand so now, and in which country their hosts are. */
  readonly casesByStatus: Readonly<Record<string, number>>
  readonly casesByCountry: Readonly<Record<string, number>>
  /** How many of those opened in the quarter the depicted child itself asked for. */
  readonly ownRequestCases: number
  /** Handed over and not come back, as the next four. */
  readonly noticesSent: number
  readonly remindersSent: number
  /** Notices to site owners, registrars, upstream networks and regulators. */
  readonly escalationsSent: number
  readonly correctionsSent: number
  /** Whatever else was told: that it is gone, an answer to a question. */
  readonly othersSent: number
  /** Notices of any step that came back, and told nobody. */
  readonly noticesBounced: number
  /** Notices of any step that were queued in the quarter and given up. */
  readonly noticesFailed: number
  /** How much people looked, and what came of it: see `lookFigures`. */
  readonly looks: {
    /** First looks, small and in grey, and those beyond; null where fewer than three people looked in each month. */
    readonly taken: number | null
    readonly further: number | null
    readonly noticesPerLook: number | null
    readonly correctionsPerThousandNotices: number | null
  }
  /** Krippendorff's alpha of first and second assessments; null under 50 pairs or three people. */
  readonly agreement: number | null
  /** Decisions that another person decided again, blind: see `SAMPLE_FIGURES`; null under 50 pairs or three people. */
  readonly samples: {
    readonly drawn: number | null
    readonly again: number | null
    readonly agreed: number | null
    readonly differed: number | null
    readonly corrected: number | null
  }
  /** Alerts that webhooks took, and those that were given up for one. */
  readonly webhooks: { readonly delivered: number; readonly dead: number }
  /** Dated at the first of the misses that proved it; without what proved to be not illegal. */
  readonly removed: number
  readonly reopened: number
  /** How many of those removed the depicted child itself had asked for. */
  readonly ownRequestsRemoved: number
  /** The median of hours from the first notice that reached somebody to removal, of what was removed in the quarter. */
  readonly hoursToRemovalMedian: number | null
  readonly hoursToRemovalP90: number | null
}

/** What one host did with what it hosted, in a quarter. */
export interface HostFigures {
  /** The host as it was traced; `unknown` where it was not. */
  readonly host: string
  /** Opened in the quarter, or opened again. */
  readonly cases: number
  readonly removed: number
  /** Came back after it had been removed there. */
  readonly reappeared: number
  readonly hoursToRemovalMedian: number | null
  readonly hoursToRemovalP90: number | null
}
