import { createHash, createHmac } from 'node:crypto'
import type { AuditContent } from './entry.ts'

/** Before the first link. */
export const CHAIN_START = '0'.repeat(64)

/**
 * Binds to what an entry says without telling it (HMAC-SHA-256, key erased with the content): after an
 * erasure nobody can find out by guessing what stood there, and the chain still verifies.
 */
export function commitmentOf(salt: string, content: AuditContent): string {
  const { at, by, action, subject, detail } = content
  const sorted = Object.entries(detail).sort(([a], [b]) => (a < b ? -1 : 1))
  const text = JSON.stringify([at, by, action, subject, sorted])
  return createHmac('sha256', Buffer.from(salt, 'base64')).update(text).digest('hex')
}

/** SHA-256 over the place, the commitment and the link before. */
export function linkHash(
  before: string,
  number: number,
  cursor: string,
  commitment: string,
): string {
  const text = ['hindra audit link v1', before, number, cursor, commitment].join('\n')
  return createHash('sha256').update(text).digest('hex')
}
