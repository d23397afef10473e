import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Clock, MINUTE_MS, type Random } from '../core/index.ts'

/** Time to find the key, touch it and type its PIN. */
export const NONCE_MS = 5 * MINUTE_MS
const RANDOM_BYTES = 16
const TIME_BYTES = 6
const MAC_BYTES = 32
/** Without padding: what is the same text is the same one. */
const TEXT = /^[A-Za-z0-9_-]{72}$/

/** What an answer to it may be used for. */
export type NoncePurpose = 'sign-in' | 'prove' | 'add'

/**
 * What a passkey must sign, so that no answer of before serves again: the challenges of WebAuthn. One is signed, not kept: nobody pushes
 * out those of others by asking for many. Which were answered is kept, and the key is that of this process, so that a
 * restart ends what is pending.
 */
export interface Nonces {
  /** @param holder The browser or session that asks, which alone may bring the answer */
  issue(purpose: NoncePurpose, holder: string): Uint8Array<ArrayBuffer>
  /** Whether one in base64url is ours, for this purpose and holder, and not older than five minutes. */
  isPending(nonce: string, purpose: NoncePurpose, holder: string): boolean
  /** When one that is pending was issued. */
  issuedAtMs(nonce: string): number
  /** What nobody can know who has seen a text alone: the same for the same text until a restart; base64url. */
  secretOf(use: string, text: string): string
  /** Notes that it was answered; false where it was before. */
  spend(nonce: string): boolean
}

export function createNonces(clock: Clock, random: Random): Nonces {
  const key = random.bytes(MAC_BYTES)
  const spentAtMs = new Map<string, number>()

  function macOf(purpose: NoncePurpose, holder: string, head: Uint8Array): Buffer {
    return createHmac('sha256', key).update(`${purpose}\n${holder}\n`).update(head).digest()
  }

  return {
    issue(purpose, holder) {
      const head = Buffer.alloc(RANDOM_BYTES + TIME_BYTES)
      head.set(random.bytes(RANDOM_BYTES))
      head.writeUIntBE(clock.now(), RANDOM_BYTES, TIME_BYTES)
      return Uint8Array.from([...head, ...macOf(purpose, holder, head)])
    },

    isPending(nonce, purpose, holder) {
      if (!TEXT.test(nonce)) return false
      const bytes = Buffer.from(nonce, 'base64url')
      const head = bytes.subarray(0, RANDOM_BYTES + TIME_BYTES)
      const ageMs = clock.now() - head.readUIntBE(RANDOM_BYTES, TIME_BYTES)
      const isOurs = timingSafeEqual(bytes.subarray(head.length), macOf(purpose, holder, head))
      return isOurs && ageMs >= 0 && ageMs < NONCE_MS && !spentAtMs.has(nonce)
    },

    issuedAtMs: (nonce) => Buffer.from(nonce, 'base64url').readUIntBE(RANDOM_BYTES, TIME_BYTES),

    secretOf: (use, text) =>
      createHmac('sha256', key).update(`secret ${use}\n${text}`).digest('base64url'),

    spend(nonce) {
      const nowMs = clock.now()
      for (const [one, atMs] of spentAtMs) {
        if (nowMs - atMs >= NONCE_MS) spentAtMs.delete(one)
      }
      if (spentAtMs.has(nonce)) return false
      spentAtMs.set(nonce, nowMs)
      return true
    },
  }
}
