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

/** What a file is looked for by: nothing that is equal to something known has another SHA-256, but where a list has none. */
export type ScanDigests = Pick<FileDigests, 'sha256'> &
  Readonly<Partial<Record<DigestType, string>>>

/** Digests of the bytes, in lower-case hex: what other lists and tools name a file by. */
export function digests(bytes: Uint8Array, sought: readonly DigestType[] = []): FileDigests {
  return digestsOf(bytes, [...FIXED_DIGESTS, ...sought]) as FileDigests
}

export function soughtDigests(bytes: Uint8Array, sought: readonly DigestType[]): ScanDigests {
  return digestsOf(bytes, ['sha256', ...sought]) as ScanDigests
}

function digestsOf(bytes: Uint8Array, types: readonly DigestType[]): object {
  const found = Array.from(new Set(types), (type) => {
    const hash = createHash(HASHES[type].algorithm).update(bytes)
    return [type, hash.digest('hex')] as const
  })
  return Object.fromEntries(found)
}
