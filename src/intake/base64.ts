/**
 * Strict base64 (RFC 4648, section 4): padded, no line breaks, no other alphabet, no stray bits.
 * Undefined for anything else. Linear in time: media lines are tens of megabytes.
 */
export function base64Bytes(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || text.includes('-') || text.includes('_')) return undefined
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = Buffer.from(text, 'base64')
  // Node skips what it does not know, so a foreign character shows as missing bytes.
  if (bytes.length !== (text.length / 4) * 3 - padding) return undefined
  const tail = bytes.subarray(bytes.length - (3 - padding))
  return tail.toString('base64') === text.slice(-4) ? bytes : undefined
}
