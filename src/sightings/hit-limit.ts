import type { Transaction } from '../store/index.ts'

/** How many hits by hashes alone one submitter is answered. */
export interface HitLimit {
  /** Asked before a hit is answered. Throws RATE_LIMITED. */
  admit(): Promise<void>
  /** The same, in the transaction that keeps the hit: false where it is one too many. */
  isAdmitted(tx: Transaction): Promise<boolean>
}
