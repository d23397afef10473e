import type { Principal } from '../access/index.ts'
import type { EntryStatus } from './types.ts'

/** Why somebody may not take a step, though a role of theirs allows it. */
export interface Obstacle {
  readonly code: 'FORBIDDEN' | 'SAME_PERSON'
  /** For people: what keeps them from it. */
  readonly message: string
}

/** How a verified entry is taken back. */
export interface RetractionPolicy {
  /** By two persons: the first one's retraction is a dispute, until another takes it back too. */
  readonly retractionFourEyes: boolean
}

/** Four eyes are human eyes, and a second person's, however many keys the first one has. */
export function obstacleToVerify(
  by: Pick<Principal, 'id' | 'kind'>,
  { proposedBy }: { readonly proposedBy: string },
  { fourEyes }: { readonly fourEyes: boolean },
): Obstacle | undefined {
  if (by.kind !== 'person') {
    return { code: 'FORBIDDEN', message: 'only a person can verify an item' }
  }
  if (proposedBy !== by.id || !fourEyes) return undefined
  return { code: 'SAME_PERSON', message: 'a second person verifies: who proposed an item cannot' }
}

/** Who disputed a verified entry cannot take it back too, where that takes two. */
export function obstacleToRetract(
  { retractionFourEyes }: RetractionPolicy,
  by: Pick<Principal, 'id'>,
  { status, disputedBy }: { readonly status: EntryStatus; readonly disputedBy?: string | null },
): Obstacle | undefined {
  if (!retractionFourEyes || status !== 'disputed' || disputedBy !== by.id) return undefined
  return {
    code: 'SAME_PERSON',
    message: 'a second person retracts: who disputed a verified item cannot',
  }
}
