import type { ViewName } from '../fingerprint/index.ts'

export type Verdict = 'exact' | 'confirmed' | 'review' | 'none'

/** What a submitter learns, and nothing about the item it hit. */
export interface Answer {
  /** `pending`: a client's hashes hit, and the verdict waits until Hindra has looked itself. */
  readonly verdict: Verdict | 'pending'
  readonly caseId?: string
}

/** Item + sighting + evidence. */
export interface Match {
  readonly itemId: string
  readonly verdict: Exclude<Verdict, 'none'>
  readonly method: 'sha256' | 'sha1' | 'md5' | 'pdq' | 'film'
  /** Smallest Hamming distance, for pdq and film. */
  readonly distance?: number
  /** Which view of the sighting matched the item as it is. */
  readonly view?: ViewName
  /** PDQ quality of the sighting and of the item. */
  readonly quality?: number
  readonly itemQuality?: number
  /**
   * Films: distinct frames that matched, of how many, on each side; for `confirmed` those that
   * matched in the same order.
   */
  readonly frames?: {
    readonly matched: number
    readonly of: number
    readonly itemMatched: number
    readonly itemOf: number
  }
  /** Hashes that a client supplied; Hindra did not see the bytes. */
  readonly clientSupplied: boolean
  /** Why this verdict and not a stronger one, for people. */
  readonly reason: string
}

/** The strongest verdict first; `matches` is empty exactly when the verdict is `none`. */
export interface Judgement {
  readonly verdict: Verdict
  readonly matches: readonly Match[]
}

/** Thresholds; config holds the defaults with the measured false-match bound beside each. */
export interface MatchPolicy {
  /** PDQ radius of the review band. */
  readonly reviewRadius: number
  /** Bits that a view derived from a hash alone may be off by itself. */
  readonly derivedBits: number
  /** PDQ radius within which a hash alone confirms. */
  readonly confirmRadius: number
  readonly confirmQualityMin: number
  readonly qualityMin: number
  /** Share of the distinct frames: of both films to confirm, of either to review. */
  readonly filmConfirmShare: number
  readonly filmReviewShare: number
  readonly filmFramesMin: number
}
