import { HINDRA_ITSELF } from './access/index.ts'
import type { Alerts } from './alerts/index.ts'
import type { Danger } from './assessing/index.ts'
import { eachInTurn } from './core/index.ts'
import type { Keeping } from './keeping/index.ts'
import type { Stages } from './operations/index.ts'
import type { Recheck } from './recheck/index.ts'
import type { Seeing } from './sightings/index.ts'
import type { Tipline } from './tipline/index.ts'
import type { DueReport } from './watch/index.ts'

/** One round of all that is due now, of so many letters. Not to be run twice at once. */
export function createDueRound(parts: {
  readonly danger: Danger
  readonly seeing: Seeing
  readonly rounds: Stages['rounds']
  readonly recheck: Recheck
  readonly alerts: Alerts
  readonly reports: Stages['reports']
  readonly tipline: Tipline
  readonly keeping: Keeping
}) {
  const { danger, seeing, rounds, recheck, alerts, reports, tipline, keeping } = parts

  return async (): Promise<DueReport> => {
    const [called, judged, taken, rechecks] = await eachInTurn(
      // Before all else: a child is in danger.
      () => danger.run(),
      () => seeing.judging.run(),
      () => rounds.round(HINDRA_ITSELF.id),
      () => recheck.run(HINDRA_ITSELF.id),
      () => alerts.trim(),
      () => seeing.answers.trim(),
      () => reports.closeDue(HINDRA_ITSELF.id),
      () => tipline.endDue(HINDRA_ITSELF),
      () => keeping.due(),
    )
    const problems = [...called.problems, ...taken.problems]
    return { ...taken, judged, called: called.calls, rechecks, problems }
  }
}
