import type { Principal } from '../access/index.ts'
import type { RefusalSentence } from '../errors.ts'
import type { EntryStatus } from './item.ts'

/** Why somebody may not take a step, though a role of theirs allows it. */
export interface Obstacle {
  readonly code: 'FORBIDDEN' | 'SAME_PERSON'
  /** What keeps them from it. */
  readonly message: RefusalSentence
}

/** How a verified entry is taken back. */
export interface RetractionPolicy {
  /** Whether two persons retract: the first one's retraction is a dispute, until another takes it back too. */
  readonly retractionFourEyes: boolean
}

/** Whose eyes an act is: the persons behind whoever acted, see `People.behind`. */
export type Eyes = readonly string[]

/** What says of an entry who has had a part in it. */
export interface Proposed {
  /** Nobody, where a machine proposed it that nobody answers for. */
  readonly proposedBy: Eyes
  /** The first of the two persons that it then takes. */
  readonly confirmedBy?: string | null
}

/**
 * Four eyes are human eyes, and a second person's, however many keys and machines the first one has: what a
 * machine proposed its owner has proposed, and whoever was its owner. What a machine without one proposed takes
 * two persons: one of them may be who runs it.
 */
export function obstacleToVerify(
  by: Pick<Principal, 'id' | 'kind'>,
  { proposedBy, confirmedBy }: Proposed,
  { fourEyes }: { readonly fourEyes: boolean },
): Obstacle | undefined {
  if (by.kind !== 'person') {
    return { code: 'FORBIDDEN', message: { says: 'verify-by-person' } }
  }
  if (!fourEyes) return undefined
  if (proposedBy.includes(by.id)) {
    return { code: 'SAME_PERSON', message: { says: 'verify-second' } }
  }
  if (proposedBy.length > 0 || confirmedBy !== by.id) return undefined
  return { code: 'SAME_PERSON', message: { says: 'verify-machine' } }
}

/** Whether the verification of somebody who may verify is the first of two. */
export function isFirstOfTwo(
  { proposedBy, confirmedBy = null }: Proposed,
  { fourEyes }: { readonly fourEyes: boolean },
): boolean {
  return fourEyes && proposedBy.length === 0 && confirmedBy === null
}

/** Who disputed a verified entry cannot take it back too, where that takes two. */
export function obstacleToRetract(
  { retractionFourEyes }: RetractionPolicy,
  by: { readonly id: string; readonly eyes: Eyes },
  { status, disputedBy }: { readonly status: EntryStatus; readonly disputedBy: Eyes },
): Obstacle | undefined {
  const isSame = [by.id, ...by.eyes].some((one) => disputedBy.includes(one))
  if (!retractionFourEyes || status !== 'disputed' || !isSame) return undefined
  return { code: 'SAME_PERSON', message: { says: 'retract-second' } }
}
