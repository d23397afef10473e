import { createHash } from 'node:crypto'

/** How many zero bits the SHA-256 of a text begins with. */
export function zeroBits(text: string): number {
  const digest = createHash('sha256').update(text).digest()
  const byte = digest.findIndex((one) => one !== 0)
  return byte === -1 ? digest.length * 8 : byte * 8 + Math.clz32(digest[byte] ?? 0) - 24
}
