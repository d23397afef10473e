import type { Match } from './types.ts'

/** What one look says of one item, before the standing of item and sighting is weighed in. */
export type Evidence = Omit<Match, 'itemId' | 'clientSupplied'>

const STRENGTH = { exact: 3, confirmed: 2, review: 1 } as const

/** Negative where `a` says more: by verdict, then by distance (digests have none: they are equal). */
export function byStrength(a: Evidence, b: Evidence): number {
  return STRENGTH[b.verdict] - STRENGTH[a.verdict] || (a.distance ?? 0) - (b.distance ?? 0)
}
