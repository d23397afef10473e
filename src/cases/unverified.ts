import type { Config } from '../config.ts'
import { hoursAfter, isoTime } from '../core/index.ts'
import type { CaseLook, Unverified } from './case.ts'
import { type Barrier, BARRIERS, type LookCause } from './look-causes.ts'

/** Nothing that comes by itself will tell: there is something, and somebody must look at it. */
const FOR_A_PERSON: readonly Barrier[] = [
  'alike',
  'other-item',
  'nothing-known',
  'no-media',
  'front-page',
  'not-named',
]
/** Where a case rests, only these may mean that it is back. */
const MAY_BE_BACK: readonly Barrier[] = ['alike', 'other-item', 'nothing-known']
/** What nobody answers is told ever more rarely, but for good. */
const LONGEST_HOURS = 168

type Settings = Pick<Config['recheck'], 'tellHours' | 'tellAgainHours'>

/**
 * The row of looks that could not tell, after one more of them. What may mend itself is told of after
 * `tellHours`, the rest at once.
 */
export function withUnverified(
  before: Unverified | null,
  { at, cause }: Pick<CaseLook, 'at' | 'cause'>,
  { resting, settings }: { readonly resting: boolean; readonly settings: Settings },
): Unverified | null {
  if (!isBarrier(cause) || (resting && !MAY_BE_BACK.includes(cause))) return before
  const since = before?.since ?? at
  const fresh = { since, looks: 0, alerts: 0, alertAt: hoursAfter(since, settings.tellHours) }
  const { looks, alerts, alertAt } = before ?? fresh
  const until = before?.until ?? null
  const isNews = FOR_A_PERSON.includes(cause) && before?.cause !== cause && until === null
  return {
    since,
    cause,
    alerts,
    until,
    looks: looks + 1,
    alertAt: isNews && at < alertAt ? at : alertAt,
  }
}

/** A person has been told. */
export function told(row: Unverified, at: string, { tellAgainHours }: Settings): Unverified {
  const hours = Math.min(LONGEST_HOURS, tellAgainHours * 2 ** row.alerts)
  return { ...row, alerts: row.alerts + 1, alertAt: hoursAfter(at, hours), until: null }
}

/** A person has seen it and wants it looked at again at a time: until then nobody is told. */
export function quietUntil(row: Unverified, until: string): Unverified {
  return { ...row, alertAt: until, until }
}

/** When it is tried once more before anybody is told; undefined where that would change nothing. */
export function retryAt(row: Unverified | null, at: string): string | undefined {
  if (row === null || row.alerts > 0 || row.alertAt <= at) return undefined
  return isoTime((Date.parse(at) + Date.parse(row.alertAt)) / 2)
}

function isBarrier(cause: LookCause): cause is Barrier {
  return (BARRIERS as readonly LookCause[]).includes(cause)
}
