import type { Fingerprint, ViewName } from '../fingerprint/index.ts'

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

/** One hash of an item within the radius of one hash of a sighting; says nothing of guilt yet. */
export interface RawHit {
  readonly itemId: string
  readonly method: 'sha256' | 'sha1' | 'md5' | 'pdq'
  /** Hamming distance for pdq, 0 for the digests. */
  readonly distance: number
  /** Which view of the sighting hit. */
  readonly view: ViewName
  /** PDQ quality, 0 to 100, of the sighting; 0 where a client did not tell it. */
  readonly quality: number
  readonly itemQuality: number
  /** The view follows from the bits of a client's hash, give or take some. */
  readonly derived?: true
  /** Times of the frames that hit, where the sighting or the item is a film. */
  readonly seconds?: number
  readonly itemSeconds?: number
}
