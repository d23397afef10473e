import { createHmac } from 'node:crypto'
import type { Random } from '../core/index.ts'

const PREFIX = 'whsec_'
const SECRET_BYTES = 32

/** `whsec_` and 32 random bytes in base64, as Standard Webhooks writes secrets. */
export function newSecret(random: Random): string {
  return PREFIX + Buffer.from(random.bytes(SECRET_BYTES)).toString('base64')
}

/**
 * The time is that of this attempt, in seconds since the epoch: receivers refuse old ones, so that none is
 * replayed. One signature `v1,<base64>` a secret, parted by spaces: receivers take any.
 */
type SignedHeaders = Readonly<
  Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>
>

/** Standard Webhooks 1.0.0: HMAC-SHA-256 of id, timestamp and body, parted by dots. */
export function sign(
  id: string,
  nowMs: number,
  body: string,
  secrets: readonly string[],
): SignedHeaders {
  const timestamp = String(Math.floor(nowMs / 1000))
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  })
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  }
}
