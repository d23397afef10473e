import { timingSafeEqual } from 'node:crypto'
import { type Clock, CLOCKS_APART_MS, MINUTE_MS, type Random } from '../core/index.ts'
import type { Digester, Expiring, Transaction } from '../store/index.ts'

/** Time to find the key, touch it and type its PIN. */
export const NONCE_MS = 5 * MINUTE_MS
const RANDOM_BYTES = 16
const TIME_BYTES = 6
/** Without padding: what is the same text is the same one. */
const TEXT = /^[A-Za-z0-9_-]{72}$/

/** What an answer to it may be used for. */
export type NoncePurpose = 'sign-in' | 'prove' | 'add'

/**
 * What a passkey must sign, so that no answer of before serves again: the challenges of WebAuthn. One is signed by a key
 * of the house, not kept: nobody pushes out those of others by asking for many, and any process of the house takes the
 * answer. Which were answered is kept as long as they would be good.
 */
export interface Nonces {
  /** @param holder The browser or session that asks, which alone may bring the answer */
  issue(purpose: NoncePurpose, holder: string): Uint8Array<ArrayBuffer>
  /** Whether one in base64url is ours, for this purpose and holder, and not older than five minutes. */
  isPending(nonce: string, purpose: NoncePurpose, holder: string): boolean
  /** When one that is pending was issued. */
  issuedAtMs(nonce: string): number
  /** What nobody can know who has seen a text alone: always the same for the same text; base64url. */
  secretOf(use: string, text: string): string
  /** Notes that it was answered; false where it was before. */
  spend(tx: Transaction, nonce: string): Promise<boolean>
}

/** @param of What they are for: none serves for another */
export function createNonces(
  of: 'passkey' | 'openid',
  parts: {
    readonly sealer: Digester
    readonly random: Random
    readonly wallClock: Clock
    readonly spentNonces: Expiring<null>
  },
): Nonces {
  const { sealer, random, wallClock, spentNonces } = parts

  function macOf(purpose: NoncePurpose, holder: string, head: Buffer): Buffer {
    const text = [purpose, head.toString('hex'), holder].join('\n')
    return Buffer.from(sealer.digest(`${of}-nonce`, text), 'hex')
  }

  function issuedAtMs(nonce: string): number {
    return Buffer.from(nonce, 'base64url').readUIntBE(RANDOM_BYTES, TIME_BYTES)
  }

  return {
    issue(purpose, holder) {
      const head = Buffer.alloc(RANDOM_BYTES + TIME_BYTES)
      head.set(random.bytes(RANDOM_BYTES))
      head.writeUIntBE(wallClock.now(), RANDOM_BYTES, TIME_BYTES)
      return Uint8Array.from([...head, ...macOf(purpose, holder, head)])
    },

    isPending(nonce, purpose, holder) {
      if (!TEXT.test(nonce)) return false
      const bytes = Buffer.from(nonce, 'base64url')
      const head = bytes.subarray(0, RANDOM_BYTES + TIME_BYTES)
      const ageMs = wallClock.now() - issuedAtMs(nonce)
      const isOurs = timingSafeEqual(bytes.subarray(head.length), macOf(purpose, holder, head))
      return isOurs && ageMs >= -CLOCKS_APART_MS && ageMs < NONCE_MS
    },

    issuedAtMs,

    secretOf: (use, text) =>
      Buffer.from(sealer.digest(`${of}-nonce-${use}`, text), 'hex').toString('base64url'),

    spend: (tx, nonce) =>
      spentNonces.add(tx, nonce, null, issuedAtMs(nonce) + NONCE_MS + CLOCKS_APART_MS),
  }
}
