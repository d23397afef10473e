import { HASH256_BYTES, type Hash256 } from '../core/index.ts'

/** Hashes one after the other, as indexes take them. */
export function packed(hashes: readonly Hash256[]): Uint8Array {
  const bytes = new Uint8Array(hashes.length * HASH256_BYTES)
  hashes.forEach((hash, position) => {
    bytes.set(hash, position * HASH256_BYTES)
  })
  return bytes
}
