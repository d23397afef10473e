import type { Fingerprint } from '../fingerprint/index.ts'

export type ItemStatus = 'proposed' | 'verified' | 'disputed' | 'retracted'

/** INHOPE/INTERPOL classification, ICCAM v3 names. `Ignore` never opens a case. */
export const CLASSIFICATIONS = ['Baseline', 'National', 'Ignore'] as const
export type Classification = (typeof CLASSIFICATIONS)[number]

export interface ProposeInput {
  readonly fingerprint: Fingerprint
  readonly classification: Classification
  readonly reference?: string
  readonly note?: string
}

/** One known picture or film. The fingerprint is for matching and never leaves the server. */
export interface Item {
  readonly id: string
  readonly kind: 'image' | 'film'
  readonly status: ItemStatus
  readonly classification: Classification
  readonly quality: number
  readonly proposedBy: string
  readonly proposedAt: string
  readonly verifiedBy: string | null
  readonly verifiedAt: string | null
  readonly reference: string | null
  readonly note: string | null
}

/** An item with what is needed to compare against it. Stays inside the process. */
export interface KnownItem extends Item {
  readonly fingerprint: Fingerprint
}

/** One change of an item's life: who, when, why. */
export interface ItemEvent {
  readonly at: string
  readonly by: string
  readonly from: ItemStatus | null
  readonly to: ItemStatus
  readonly reason: string | null
}
