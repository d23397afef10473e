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
  /**
   * Throws STORE_CORRUPT when the bytes were changed; when another key sealed it KEY_WRONG, and by keys
   * that were proven to be those of a store STORE_CORRUPT too.
   */
  open(sealed: Uint8Array, aad: string): Uint8Array
  /** HMAC-SHA-256 in hex. `domain` keeps digests of different things apart. */
  digest(domain: string, value: string): string
  /** Names the key that seals without telling it: 8 hex digits. */
  readonly keyId: string
  /** Whether it can open what the key of this id has sealed. */
  knows(keyId: string): boolean
}

/** A key that seals records, and its name: 8 hex digits. */
export interface SealKey {
  readonly id: string
  /** 32 bytes. */
  readonly key: Uint8Array
}

/** All that is needed to read and write sealed records. */
export interface SealKeys {
  /** The key of the keyed digests, 32 bytes: the same for the life of a store, which looks up by them. */
  readonly digestKey: Uint8Array
  /** The first one seals; all of them open. */
  readonly sealKeys: readonly [SealKey, ...SealKey[]]
  /** Whether the store keeps the versions of its records: once it does, it is refused without them. */
  readonly keepsVersions?: true
}

/** A sealer whose keys can be exchanged while it is in use. */
export interface KeyRing extends Sealer {
  readonly keys: SealKeys
  use(keys: SealKeys): void
}

/** Derives the sealing key, the digest key and the key id from one data key (HKDF, RFC 5869). */
export function createSealer(dataKey: Uint8Array, random: Random): Sealer {
  return createKeyRing(keysFrom(dataKey), random, 'KEY_WRONG')
}

/** Throws KEY_WRONG where the data key is not of 32 bytes. */
export function keysFrom(dataKey: Uint8Array): SealKeys {
  if (dataKey.length !== DATA_KEY_BYTES) {
    throw new HindraError('KEY_WRONG', `the data key must be ${DATA_KEY_BYTES} bytes`)
  }
  const derive = (info: string, bytes: number) =>
    Buffer.from(hkdfSync('sha256', dataKey, Buffer.alloc(0), `hindra ${info} v1`, bytes))
  return {
    digestKey: derive('digest', DATA_KEY_BYTES),
    sealKeys: [{ id: derive('id', ID_BYTES).toString('hex'), key: derive('seal', DATA_KEY_BYTES) }],
  }
}

/** Proves which copy of a record is the newest: the same for the life of a store. */
export function versionsKeyOf({ digestKey }: SealKeys): Uint8Array {
  return Buffer.from(
    hkdfSync('sha256', digestKey, Buffer.alloc(0), 'hindra versions v1', DATA_KEY_BYTES),
  )
}

/** A new key to seal with. */
export function newSealKey(random: Random): SealKey {
  const id = Buffer.from(random.bytes(ID_BYTES)).toString('hex')
  return { id, key: random.bytes(DATA_KEY_BYTES) }
}

/** Id of the key that sealed; undefined where this is nothing sealed. */
export function keyIdOf(sealed: Uint8Array): string | undefined {
  if (sealed.length < HEADER_BYTES + TAG_BYTES || sealed[0] !== FORMAT) return undefined
  return Buffer.from(sealed.subarray(1, 1 + ID_BYTES)).toString('hex')
}

/** @param unknown What it means that a key sealed something which is not among these */
export function createKeyRing(
  first: SealKeys,
  random: Random,
  unknown: 'KEY_WRONG' | 'STORE_CORRUPT' = 'STORE_CORRUPT',
): KeyRing {
  let keys = first

  return {
    get keys() {
      return keys
    },
    get keyId() {
      return keys.sealKeys[0].id
    },
    knows: (id) => keys.sealKeys.some((known) => known.id === id),
    use(next) {
      keys = next
    },
    seal(plain, aad) {
      const [{ id, key }] = keys.sealKeys
      const nonce = random.bytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      cipher.setAAD(Buffer.from(aad))
      const body = [cipher.update(plain), cipher.final()]
      const header = [Buffer.of(FORMAT), Buffer.from(id, 'hex'), nonce]
      return Buffer.concat([...header, ...body, cipher.getAuthTag()])
    },
    open(sealed, aad) {
      const id = keyIdOf(sealed)
      if (id === undefined) {
        throw new HindraError('STORE_CORRUPT', 'a sealed record is cut off or of another format')
      }
      const found = keys.sealKeys.find((known) => isSame(known.id, id))
      if (found === undefined) {
        throw new HindraError(unknown, 'the record was sealed with another data key')
      }
      const nonce = sealed.subarray(1 + ID_BYTES, HEADER_BYTES)
      const decipher = createDecipheriv('aes-256-gcm', found.key, nonce)
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
      return createHmac('sha256', keys.digestKey).update(`${domain}\0${value}`).digest('hex')
    },
  }
}

function isSame(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
