import { createMessage, encrypt, type Key, readKeys } from 'openpgp'
import { isoTime } from '../core/index.ts'
import type { RecipientKey } from './recipient-key.ts'

/**
 * Armoured OpenPGP public keys (RFC 9580), each of which can read what is encrypted. Throws an Error that says what is
 * wrong with one; that one has expired is found when it is used.
 */
export async function readOpenpgpKeys(armored: string, address: string): Promise<RecipientKey> {
  const keys = await readKeys({ armoredKeys: armored })
  if (keys.length === 0) throw new Error('holds no key')
  if (keys.some((key) => key.isPrivate()))
    throw new Error('holds a private key, which is its owner’s')
  const ends = await Promise.all(keys.map(endOf))
  const end = Math.min(...ends)

  return {
    kind: 'openpgp',
    fingerprints: keys.map((key) => key.getFingerprint().toUpperCase()),
    expiresAt: Number.isFinite(end) ? isoTime(end) : null,
    namesAddress: keys.every((key) => namesAddress(key, address)),

    async encrypt(entity, nowMs) {
      const message = await createMessage({ binary: Uint8Array.from(entity) })
      // Its type is that of a package which declares a browser, so what comes back is looked at.
      const armoured: unknown = await encrypt({
        message,
        encryptionKeys: keys.map((key) => key.toPublic()),
        format: 'armored',
        date: new Date(nowMs),
      })
      if (typeof armoured !== 'string') throw new Error('was not encrypted to text')
      return Buffer.from(armoured)
    },
  }
}

/** When the key can be encrypted to no more; Infinity where never. Throws where it never could. */
async function endOf(key: Key): Promise<number> {
  // Of a date that is null the library asks nothing: what is refused then is refused for ever.
  const part = await key.getEncryptionKey(undefined, null).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : 'no reason'
    throw new Error(`holds a key that nothing can be encrypted with: ${why}`, { cause })
  })
  const times = await Promise.all([key.getExpirationTime(), part.getExpirationTime()])
  return Math.min(...times.map((time) => (time === null ? -Infinity : Number(time))))
}

function namesAddress(key: Key, address: string): boolean {
  const wanted = address.toLowerCase()
  return key.users.some(({ userID }) => userID?.email.toLowerCase() === wanted)
}
