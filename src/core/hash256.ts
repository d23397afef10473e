import { HindraError } from '../errors.ts'

/**
 * A 256-bit perceptual hash: 32 bytes. Its hex form has the order of the PDQ reference, so bit
 * `k` of the reference (word k >> 4, bit k & 15, words printed from 15 down to 0) is bit
 * `k & 7` of byte `31 - (k >> 3)`.
 */
export type Hash256 = Uint8Array

export const HASH256_BYTES = 32
const NO_DIGIT = 0x10

const HEX_DIGITS = 2 * HASH256_BYTES
/** The value of each hex digit by its character code; what is none has more bits than a digit. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code)
  return /[0-9a-fA-F]/.test(character) ? Number.parseInt(character, 16) : NO_DIGIT
})

/** Parses 64 hex digits, by a table: each line of a feed brings some. Throws HASH_INVALID. */
export function parseHash256(hex: string): Hash256 {
  const hash = new Uint8Array(HASH256_BYTES)
  let seen = hex.length === HEX_DIGITS ? 0 : NO_DIGIT
  for (let i = 0; i < HASH256_BYTES; i += 1) {
    const high = DIGITS[hex.charCodeAt(2 * i)] ?? NO_DIGIT
    const low = DIGITS[hex.charCodeAt(2 * i + 1)] ?? NO_DIGIT
    seen |= high | low
    hash[i] = (high << 4) | low
  }
  if (seen >= NO_DIGIT) {
    throw new HindraError('HASH_INVALID', 'a 256-bit hash is written as 64 hex digits')
  }
  return hash
}

/** The hash of the negative: a picture of which each bright place is dark has each bit turned. */
export function complementOf(hash: Hash256): Hash256 {
  return hash.map((byte) => ~byte)
}

export function formatHash256(hash: Hash256): string {
  return Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString('hex')
}

const POPCOUNT = Uint8Array.from({ length: 256 }, (_, value) => {
  let bits = 0
  for (let rest = value; rest > 0; rest >>= 1) bits += rest & 1
  return bits
})

/** Hamming distance, 0 to 256. */
export function hammingDistance(a: Hash256, b: Hash256): number {
  let distance = 0
  for (let i = 0; i < HASH256_BYTES; i += 1) {
    distance += POPCOUNT[(a[i] ?? 0) ^ (b[i] ?? 0)] ?? 0
  }
  return distance
}
