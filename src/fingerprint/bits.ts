import { HASH256_BYTES, type Hash256 } from '../core/index.ts'

/** The most that a slack is told as: it is kept in a byte. */
export const SLACK_MAX = 255

/** One hash, and how far its coefficients lie from changing a bit. */
export interface Bits {
  readonly hash: Hash256
  /**
   * Between the largest coefficient that gives 0 and the smallest that gives 1: no bit changes
   * while no coefficient moves by half of it.
   */
  readonly gap: number
}

/**
 * Bit k is set where coefficient k is strictly greater than the lower median, the 128th smallest of
 * the 256.
 */
export function toBits(coefficients: Float64Array): Bits {
  const sorted = coefficients.toSorted()
  const median = sorted[127] ?? 0
  const hash = new Uint8Array(HASH256_BYTES)
  for (const [k, coefficient] of coefficients.entries()) {
    if (coefficient <= median) continue
    const byte = HASH256_BYTES - 1 - (k >> 3)
    hash[byte] = (hash[byte] ?? 0) | (1 << (k & 7))
  }
  return { hash, gap: (sorted[128] ?? 0) - median }
}

/**
 * By how many bits the hash may be off where these coefficients are, 0 to 255. Bits change in pairs, for as many
 * coefficients come over the median as go under it. Of s pairs the s-th nearest above and the s-th nearest below must have
 * met, so that the gap between them is what two errors come to: `reach` at most for one pair, and less the more pairs have
 * to err that much at once, by the cube root of s.
 */
export function slackOf(coefficients: Float64Array, reach: number): number {
  const sorted = coefficients.toSorted()
  const middle = sorted.length / 2
  // Where others equal the median, as in a flat picture, bits need no partner to change.
  if (sorted[middle] === sorted[middle - 1]) return SLACK_MAX
  let pairs = 0
  for (let s = 1; s <= middle; s += 1) {
    const gap = (sorted[middle - 1 + s] ?? 0) - (sorted[middle - s] ?? 0)
    if (gap > reach) break
    if (gap * Math.cbrt(s) <= reach) pairs = s
  }
  return Math.min(SLACK_MAX, 2 * pairs)
}
