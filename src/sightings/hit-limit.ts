import type { Transaction } from '../store/index.ts'

/** How many hits one submitter is answered of which there may be no other trace. */
export interface HitLimit {
  /** Asked before a hit by hashes alone is answered. Throws RATE_LIMITED. */
  admit(): Promise<void>
  /** The same, in the transaction that keeps the hit: false where it is one too many. */
  isAdmitted(tx: Transaction): Promise<boolean>
  /** Told of each hit by media that is told: over a number of them, the next lines of the key are read later. */
  screened(): Promise<void>
}
