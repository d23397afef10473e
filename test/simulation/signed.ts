import { createHmac } from 'node:crypto'
import type { Posted } from './endpoints.ts'

const OLD_SECONDS = 300

/**
 * Whether a receiver finds it signed by Hindra: Standard Webhooks 1.0.0, "Verifying signatures".
 *
 * @param secrets By URL
 */
export function isFromHindra(
  { url, headers, body }: Posted,
  secrets: ReadonlyMap<string, string>,
  nowMs: number,
): boolean {
  const { 'webhook-id': id = '', 'webhook-timestamp': timestamp = '' } = headers
  if (Math.abs(nowMs / 1_000 - Number(timestamp)) > OLD_SECONDS) return false
  const key = Buffer.from((secrets.get(url) ?? '').replace('whsec_', ''), 'base64')
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return (headers['webhook-signature'] ?? '').split(' ').includes(`v1,${expected}`)
}
