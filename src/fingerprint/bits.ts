import { HASH256_BYTES, type Hash256 } from '../core/index.ts'

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
