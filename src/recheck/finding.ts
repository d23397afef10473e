import type { Barrier, LookCause } from '../cases/index.ts'
import type { RecheckResult } from './types.ts'

/** What one look at a URL came to. */
export type Finding = Pick<RecheckResult, 'outcome' | 'cause' | 'reason' | 'distance'>

export function found(
  outcome: 'present' | 'gone',
  cause: Exclude<LookCause, Barrier>,
  reason: string,
  distance: number | null = null,
): Finding {
  return { outcome, cause, reason, distance }
}

/** Nothing can be said: the case stays as it is. */
export function unverifiable(
  cause: Barrier,
  reason: string,
  distance: number | null = null,
): Finding {
  return { outcome: 'unverifiable', cause, reason, distance }
}
