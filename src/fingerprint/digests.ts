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

/** What a file may be found by though its SHA-256 is of no item: other digests of it, and that of a film's coded pictures. */
export type SoughtDigest = DigestType | 'track'

/** What a file is looked for by: nothing that is equal to something known has another SHA-256, but where a list has none. */
export type ScanDigests = Pick<FileDigests, 'sha256'> &
  Readonly<Partial<Record<DigestType, string>>>

/** Digests of the bytes, in lower-case hex: what other lists and tools name a file by. */
export function digests(bytes: Uint8Array, sought: readonly SoughtDigest[] = []): FileDigests {
  return digestsOf(bytes, [...FIXED_DIGESTS, ...sought]) as FileDigests
}

export function soughtDigests(bytes: Uint8Array, sought: readonly SoughtDigest[]): ScanDigests {
  return digestsOf(bytes, ['sha256', ...sought]) as ScanDigests
}

function digestsOf(bytes: Uint8Array, types: readonly SoughtDigest[]): object {
  const ofFile = types.filter((type) => type !== 'track')
  const found = Array.from(new Set(ofFile), (type) => {
    const hash = createHash(HASHES[type].algorithm).update(bytes)
    return [type, hash.digest('hex')] as const
  })
  return Object.fromEntries(found)
}
