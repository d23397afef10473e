import type { RecheckResult } from '../recheck/index.ts'
import type { RoundReport } from '../takedown/index.ts'

/** What a round of all that is due came to. */
export interface DueReport extends RoundReport {
  /** Calls to the duty desk, and to whom the policy names beside it, that were made. */
  readonly called: number
  /** Hits by hashes alone that Hindra has looked at. */
  readonly judged: number
  readonly rechecks: readonly RecheckResult[]
}

/** A report for the log, of how many looks; undefined where nothing was done and nothing more is due. */
export function newsOf(
  report: DueReport,
): (Omit<DueReport, 'rechecks'> & { readonly rechecks: number }) | undefined {
  const { called, judged, traced, queued, noticesSent, rechecks, problems } = report
  const done = called + judged + traced + queued + noticesSent + rechecks.length + problems.length
  return done === 0 && !report.isMore ? undefined : { ...report, rechecks: rechecks.length }
}
