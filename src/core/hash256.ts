import { HindraError } from '../errors.ts'

/**
 * A 256-bit perceptual hash: 32 bytes. Its hex form has the order of the PDQ reference, so bit
 * `k` of the reference (word k >> 4, bit k & 15, words printed from 15 down to 0) is bit
 * `k & 7` of byte `31 - (k >> 3)`.
 */
export type Hash256 = Uint8Array

export const HASH256_BYTES = 32

/** Parses 64 hex digits. Throws HASH_INVALID. */
export function parseHash256(hex: string): Hash256 {
  if (!/^[0-9a-fA-F]{64}$/.test(hex)) {
    throw new HindraError('HASH_INVALID', 'a 256-bit hash is written as 64 hex digits')
  }
  return new Uint8Array(Buffer.from(hex, 'hex'))
}

export function formatHash256(hash: Hash256): string {
  return Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString('hex')
}

const POPCOUNT = Uint8Array.from({ length: 256 }, (_, value) => {
  let bits = 0
  for (let rest = value; rest > 0; rest >>= 1) bits += rest & 1
  return bits
})

/**
 * Hamming distance, 0 to 256. Where it is more than `most` it is some number above that: hashes of different pictures
 * are told apart by a few bytes.
 */
export function hammingDistance(a: Hash256, b: Hash256, most = 8 * HASH256_BYTES): number {
  let distance = 0
  for (let i = 0; i < HASH256_BYTES && distance <= most; i += 1) {
    distance += POPCOUNT[(a[i] ?? 0) ^ (b[i] ?? 0)] ?? 0
  }
  return distance
}
