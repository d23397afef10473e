/** One quarter, counted from the store and the counters. */
export interface QuarterTable {
  /** `2026-Q4` */
  readonly quarter: string
  readonly tips: Readonly<Record<string, number>>
  readonly sightings: number
  readonly pictures: number
  readonly films: number
  readonly failed: number
  readonly verdicts: Readonly<Record<'exact' | 'confirmed' | 'review' | 'none', number>>
  readonly casesOpened: number
  readonly casesByStatus: Readonly<Record<string, number>>
  readonly casesByCountry: Readonly<Record<string, number>>
  readonly noticesSent: number
  readonly remindersSent: number
  readonly removed: number
  readonly reopened: number
  /** From the first notice to removal. */
  readonly hoursToRemovalMedian: number | null
  readonly hoursToRemovalP90: number | null
}
