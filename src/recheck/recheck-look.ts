import type { Barrier, CaseLook, LookCause } from '../cases/index.ts'
import type { Fingerprint } from '../fingerprint/index.ts'

export interface RecheckResult extends CaseLook {
  readonly caseId: string
  /** PDQ distance to what was known, where something was compared. */
  readonly distance: number | null
  /** When the case is looked at next; null for never again. */
  readonly nextRecheckAt: string | null
  readonly nextRecheckWhy: string | null
}

/** What one look at a URL came to. */
export interface RecheckLook
  extends Pick<RecheckResult, 'outcome' | 'cause' | 'reason' | 'distance' | 'shown'> {
  /** What is there is it, as the register says: later looks may be compared with it. */
  readonly remember?: Fingerprint
  /** SHA-256 of the file that was fetched, where its bytes are those of what was known or shown before. */
  readonly fetched?: string
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
