import {
  CompactEncrypt,
  compactDecrypt,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  calculateJwkThumbprint,
} from 'jose'
import { HindraError } from '../errors.ts'

/** Ephemeral-static Diffie-Hellman on P-256, wrapping a content key (RFC 7518, 4.6). */
const ALGORITHM = 'ECDH-ES+A256KW'
const CONTENT = 'A256GCM'
const CURVE = 'P-256'

/** A key pair of somebody who may open backups without the data key: JSON Web Keys (RFC 7517). */
export interface EscrowKeys {
  readonly publicKey: JWK
  /** Belongs on no machine of the hotline: into a safe. */
  readonly privateKey: JWK
}

export async function createEscrowPair(): Promise<EscrowKeys> {
  const made = await generateKeyPair(ALGORITHM, { crv: CURVE, extractable: true })
  return {
    publicKey: await exportJWK(made.publicKey),
    privateKey: await exportJWK(made.privateKey),
  }
}

/** Name of a key, the same for both halves (RFC 7638). Throws INVALID_INPUT. */
export async function escrowId(key: JWK): Promise<string> {
  try {
    return await calculateJwkThumbprint(key)
  } catch (cause) {
    throw notAKey(cause)
  }
}

/** `secret` as a compact JWE that the private half opens. Throws INVALID_INPUT. */
export async function sealFor(publicKey: JWK, secret: Uint8Array): Promise<string> {
  if (publicKey.d !== undefined) {
    throw new HindraError(
      'INVALID_INPUT',
      'this is a private escrow key: only the public half belongs here',
    )
  }
  try {
    const key = await importJWK(publicKey, ALGORITHM)
    return await new CompactEncrypt(secret)
      .setProtectedHeader({ alg: ALGORITHM, enc: CONTENT })
      .encrypt(key)
  } catch (cause) {
    throw notAKey(cause)
  }
}

/** Throws INVALID_INPUT for what is no private key, KEY_WRONG where it does not open it. */
export async function openWith(privateKey: JWK, jwe: string): Promise<Uint8Array> {
  const key = await importJWK(privateKey, ALGORITHM).catch((cause: unknown) => {
    throw notAKey(cause)
  })
  try {
    return (await compactDecrypt(jwe, key)).plaintext
  } catch (cause) {
    throw new HindraError('KEY_WRONG', 'the escrow key does not open this backup', { cause })
  }
}

function notAKey(cause: unknown): HindraError {
  return new HindraError('INVALID_INPUT', 'this is no escrow key: a JSON Web Key on P-256', {
    cause,
  })
}
