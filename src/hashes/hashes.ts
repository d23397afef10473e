import { blockhash } from './blockhash.ts'
import type { HashKind } from './kind.ts'
import { md5 } from './md5.ts'
import { netclean } from './netclean.ts'
import { pdq } from './pdq.ts'
import { photodna } from './photodna.ts'
import { sha1 } from './sha1.ts'
import { sha256 } from './sha256.ts'
import { sha512 } from './sha512.ts'
import { ssvh } from './ssvh.ts'
import { tmkPdqf } from './tmk-pdqf.ts'
import { videntifier } from './videntifier.ts'

/** Every kind of hash, those first that say most. A digest or an opaque hash more is a file and a line. */
export const HASHES = {
  sha256,
  sha512,
  sha1,
  md5,
  pdq,
  blockhash,
  photodna,
  netclean,
  videntifier,
  'tmk-pdqf': tmkPdqf,
  ssvh,
} as const satisfies Record<string, HashKind>

/** What a client may send: any of them. */
export type ClientHashType = keyof typeof HASHES
/** The kinds of hash of which something is true. */
type Where<Trait> = {
  [Type in ClientHashType]: (typeof HASHES)[Type] extends Trait ? Type : never
}[ClientHashType]

export type OpaqueHashType = Where<{ form: 'opaque' }>
/** Digests of bytes. */
export type DigestType = Where<{ form: 'digest' }>
/** Digests that every fingerprint at full resolution has. */
export type FixedDigest = Where<{ computed: 'always' }>
/** Digests that a fingerprint has only where some list here held such digests when it was made. */
export type AskedDigest = Where<{ computed: 'where-held' }>
/** What lists hold. */
export type HashType = DigestType | OpaqueHashType | Where<{ searched: true }>

// Keys of an object are strings to TypeScript, whatever its type says.
export const CLIENT_HASH_TYPES = Object.keys(HASHES) as [ClientHashType, ...ClientHashType[]]
export const HASH_TYPES = CLIENT_HASH_TYPES.filter(isListed)
export const DIGEST_TYPES = CLIENT_HASH_TYPES.filter(isDigest)
export const FIXED_DIGESTS = DIGEST_TYPES.filter(isFixed)
export const ASKED_DIGESTS = DIGEST_TYPES.filter((type): type is AskedDigest => !isFixed(type))

export function isOpaque(type: ClientHashType): type is OpaqueHashType {
  return kindOf(type).form === 'opaque'
}

/** Whether a method is a digest, whatever a hit was found by. */
export function isDigest(method: string): method is DigestType {
  return isHash(method) && kindOf(method).form === 'digest'
}

/** Whether equal digests of this kind are equal bytes. */
export function isProof(method: string): boolean {
  if (!isHash(method)) return false
  const kind = kindOf(method)
  return kind.form === 'digest' && kind.proves
}

export function isListed(type: string): type is HashType {
  if (!isHash(type)) return false
  const kind = kindOf(type)
  return kind.form !== 'perceptual' || kind.searched
}

/** How many bytes a digest of this kind has. */
export function digestBytes(type: DigestType): number {
  return HASHES[type].bytes
}

function isFixed(type: DigestType): type is FixedDigest {
  return HASHES[type].computed === 'always'
}

function isHash(type: string): type is ClientHashType {
  return Object.hasOwn(HASHES, type)
}

/** A kind of hash, typed as any kind may be. */
export function kindOf(type: ClientHashType): HashKind {
  return HASHES[type]
}
