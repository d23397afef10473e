import { createHash } from 'node:crypto'
import {
  type AskedDigest,
  type DigestType,
  FIXED_DIGESTS,
  type FixedDigest,
  HASHES,
} from '../hashes/index.ts'

export type FileDigests = Readonly<Record<FixedDigest, string>> &
  Readonly<Partial<Record<AskedDigest, string>>>

/** Digests of the bytes, in lower-case hex: what other lists and tools name a file by. */
export function digests(bytes: Uint8Array, asked: readonly AskedDigest[] = []): FileDigests {
  const types: readonly DigestType[] = [...FIXED_DIGESTS, ...asked]
  const found = types.map((type) => {
    const hash = createHash(HASHES[type].algorithm).update(bytes)
    return [type, hash.digest('hex')] as const
  })
  return Object.fromEntries(found) as FileDigests
}
