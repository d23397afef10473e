import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  timingSafeEqual,
} from 'node:crypto'
import { HindraError } from '../errors.ts'
import type { Random } from './random.ts'

export const DATA_KEY_BYTES = 32

const FORMAT = 1
const ID_BYTES = 4
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEADER_BYTES = 1 + ID_BYTES + NONCE_BYTES

/**
 * Encrypts what is sensitive (AES-256-GCM) and makes keyed digests where equality must be looked
 * up. Sealed form: format (1), key id (4), nonce (12), ciphertext, tag (16). The caller binds each
 * text to its place by `aad`, so that a sealed record cannot be moved to another key of the store.
 */
export interface Sealer {
  seal(plain: Uint8Array, aad: string): Uint8Array
  /** Throws KEY_WRONG when another key sealed it, STORE_CORRUPT when the bytes were changed. */
  open(sealed: Uint8Array, aad: string): Uint8Array
  /** HMAC-SHA-256 in hex. `domain` keeps digests of different things apart. */
  digest(domain: string, value: string): string
  /** Names the key without telling it: 8 hex digits. */
  readonly keyId: string
}

/** Derives the sealing key, the digest key and the key id from one data key (HKDF, RFC 5869). */
export function createSealer(dataKey: Uint8Array, random: Random): Sealer {
  if (dataKey.length !== DATA_KEY_BYTES) {
    throw new HindraError('KEY_WRONG', `the data key must be ${DATA_KEY_BYTES} bytes`)
  }
  const derive = (info: string, bytes: number) =>
    Buffer.from(hkdfSync('sha256', dataKey, Buffer.alloc(0), `hindra ${info} v1`, bytes))
  const sealKey = derive('seal', 32)
  const digestKey = derive('digest', 32)
  const keyId = derive('id', ID_BYTES)

  return {
    keyId: keyId.toString('hex'),
    seal(plain, aad) {
      const nonce = random.bytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce)
      cipher.setAAD(Buffer.from(aad))
      const body = [cipher.update(plain), cipher.final()]
      return Buffer.concat([Buffer.of(FORMAT), keyId, nonce, ...body, cipher.getAuthTag()])
    },
    open(sealed, aad) {
      if (sealed.length < HEADER_BYTES + TAG_BYTES || sealed[0] !== FORMAT) {
        throw new HindraError('STORE_CORRUPT', 'a sealed record is cut off or of another format')
      }
      if (!timingSafeEqual(sealed.subarray(1, 1 + ID_BYTES), keyId)) {
        throw new HindraError('KEY_WRONG', 'the record was sealed with another data key')
      }
      const nonce = sealed.subarray(1 + ID_BYTES, HEADER_BYTES)
      const decipher = createDecipheriv('aes-256-gcm', sealKey, nonce)
      decipher.setAAD(Buffer.from(aad))
      decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
      try {
        const body = decipher.update(sealed.subarray(HEADER_BYTES, sealed.length - TAG_BYTES))
        return Buffer.concat([body, decipher.final()])
      } catch (cause) {
        throw new HindraError('STORE_CORRUPT', 'a sealed record was changed', { cause })
      }
    },
    digest(domain, value) {
      return createHmac('sha256', digestKey).update(`${domain}\0${value}`).digest('hex')
    },
  }
}
