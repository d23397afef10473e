import type { Alerts } from './alerts/index.ts'
import type { Danger } from './assessing/index.ts'
import type { Config } from './config.ts'
import type { Background } from './core/index.ts'
import type { Exchanging } from './curation/index.ts'
import type { openFind } from './find/index.ts'
import type { Iccam } from './iccam/index.ts'
import type { Keeping } from './keeping/index.ts'
import type { Seeing } from './sightings/index.ts'
import type { Sisters } from './sisters/index.ts'
import { type DueReport, newsOf } from './watch/index.ts'

/** The background work that calls whoever must know at once that a child is in danger. */
export const DUTY_CALLS = 'calls to the duty desk'

/** What goes on by itself, until the engine is shut down. */
export function backgroundWork(
  parts: {
    readonly seeing: Seeing
    readonly iccam: Iccam
    readonly sisters: Sisters
    readonly keeping: Keeping
    readonly danger: Danger
    readonly exchanging: Exchanging
    readonly alerts: Alerts
    readonly old: Awaited<ReturnType<typeof openFind>>['old']
    readonly runDue: () => Promise<DueReport>
    readonly config: Pick<Config, 'server'>
  },
  by: string,
): readonly Background[] {
  const { seeing, iccam, sisters, keeping, danger, exchanging, alerts, old, runDue } = parts
  const { tickSeconds } = parts.config.server
  return [
    { name: 'due work', everySeconds: tickSeconds, round: async () => newsOf(await runDue()) },
    // By itself: there can be much of it, and no notice is to wait for it.
    { name: 'kept sightings', everySeconds: tickSeconds, round: () => seeing.retroactive.round() },
    { name: 'sister mails', everySeconds: tickSeconds, round: () => sisters.round() },
    { name: 'ICCAM', everySeconds: tickSeconds, round: () => iccam.round(by) },
    // A witness that hangs holds nothing else up.
    { name: 'witnesses', everySeconds: tickSeconds, round: () => keeping.tellWitnesses() },
    { name: 'old records', run: (onFailure) => old.takeIn(onFailure) },
    { name: 'files of the store', run: (onFailure) => keeping.checkFiles(onFailure) },
    { name: DUTY_CALLS, run: (onFailure) => danger.runContinuously(onFailure) },
    { name: 'pending sightings', run: (onFailure) => seeing.judging.runContinuously(onFailure) },
    { name: 'sources', run: (onFailure) => exchanging.sources.runContinuously(onFailure) },
    { name: 'webhooks', run: (onFailure) => alerts.deliverContinuously(onFailure) },
  ]
}
