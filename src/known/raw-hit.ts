import type { SoughtDigest, ViewName } from '../fingerprint/index.ts'

/** One hash of an item within the radius of one hash of a sighting; says nothing of guilt yet. */
export interface RawHit {
  readonly itemId: string
  readonly method: SoughtDigest | 'pdq' | 'opaque'
  /** Hamming distance for pdq, 0 for what is equal. */
  readonly distance: number
  /** Which view of the sighting hit. */
  readonly view: ViewName
  /** PDQ quality, 0 to 100, of the sighting; 0 where a client did not tell it. */
  readonly quality: number
  readonly itemQuality: number
  /** The view follows from the bits of a client's hash, give or take some. */
  readonly derived?: true
  /** By how many bits the item's hash may be off; absent where it is Hindra's own, or a list's. */
  readonly slack?: number
  /** Times of the frames that hit, where the sighting or the item is a film. */
  readonly seconds?: number
  readonly itemSeconds?: number
}
