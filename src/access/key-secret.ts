import { createHash, timingSafeEqual } from 'node:crypto'
import type { Random } from '../core/index.ts'

const SECRET_BYTES = 32
const SALT_BYTES = 16

/** What is kept of a key's secret; both in base64. */
export interface SecretDigest {
  readonly salt: string
  /** SHA-256 of salt and secret. */
  readonly hash: string
}

export interface ParsedKey {
  readonly keyId: string
  readonly secret: string
}

/** 32 random bytes in base64url: 43 characters. */
export function newSecret(random: Random): string {
  return Buffer.from(random.bytes(SECRET_BYTES)).toString('base64url')
}

/**
 * One pass of salted SHA-256. A slow hash protects passwords, which can be guessed; 256 random bits
 * cannot, and a fast hash keeps a feed of thousands of requests cheap.
 */
export function hashSecret(secret: string, random: Random): SecretDigest {
  const salt = Buffer.from(random.bytes(SALT_BYTES))
  return { salt: salt.toString('base64'), hash: saltedHash(secret, salt).toString('base64') }
}

/** Compares in constant time. */
export function secretMatches(secret: string, kept: SecretDigest): boolean {
  const hash = saltedHash(secret, Buffer.from(kept.salt, 'base64'))
  return timingSafeEqual(hash, Buffer.from(kept.hash, 'base64'))
}

export function formatKey(keyId: string, secret: string): string {
  return `hk_${keyId}_${secret}`
}

/** Undefined where the text has not the form of a key. */
export function parseKey(text: string): ParsedKey | undefined {
  const match = /^hk_([0-9a-f-]{36})_([A-Za-z0-9_-]{43})$/.exec(text)
  return match === null ? undefined : { keyId: match[1] ?? '', secret: match[2] ?? '' }
}

function saltedHash(secret: string, salt: Uint8Array): Buffer {
  return createHash('sha256').update(salt).update(secret).digest()
}
