import type { RecheckResult } from './types.ts'

/** What one look at a URL came to. */
export type Finding = Pick<RecheckResult, 'outcome' | 'reason' | 'distance'>

/** Nothing can be said: the case stays as it is. */
export function unverifiable(reason: string): Finding {
  return { outcome: 'unverifiable', reason, distance: null }
}
