const SIGNATURE_BYTES = 8
/** Length, type and checksum around the data of a chunk. */
const CHUNK_FRAME_BYTES = 12

/**
 * True for a PNG that browsers play: an `acTL` chunk of more than one frame before the first
 * `IDAT` (PNG 3rd edition, 11.3.2.1). libvips would show only its first picture.
 */
export function isAnimatedPng(bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = SIGNATURE_BYTES
  while (at + CHUNK_FRAME_BYTES <= file.length) {
    const type = file.toString('latin1', at + 4, at + 8)
    if (type === 'IDAT') return false
    if (type === 'acTL') return file.readUInt32BE(at + 8) > 1
    at += CHUNK_FRAME_BYTES + file.readUInt32BE(at)
  }
  return false
}
