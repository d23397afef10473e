import type { Barrier, LookCause } from '../cases/index.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import type { RecheckResult } from './types.ts'

/** What one look at a URL came to. */
export interface RecheckLook
  extends Pick<RecheckResult, 'outcome' | 'cause' | 'reason' | 'distance'> {
  /** What is there is it, as the register says: later looks may be compared with it. */
  readonly remember?: Fingerprint
  /** What is there, and a person is to say whether it is it. */
  readonly doubted?: Fingerprint
}

export function found(
  outcome: 'present' | 'gone',
  cause: Exclude<LookCause, Barrier>,
  reason: string,
  distance: number | null = null,
): RecheckLook {
  return { outcome, cause, reason, distance }
}

/** Nothing can be said: the case stays as it is. */
export function unverifiable(
  cause: Barrier,
  reason: string,
  distance: number | null = null,
): RecheckLook {
  return { outcome: 'unverifiable', cause, reason, distance }
}
