const HEADER_BYTES = 13
const IMAGE_DESCRIPTOR_BYTES = 10
const EXTENSION = 0x21
const IMAGE = 0x2c

/**
 * False for a GIF that breaks off before its trailer (GIF89a, sections 17 to 27): libnsgif shows
 * half a page of an animation without a complaint. A block of no known kind is left to the decoder.
 */
export function isWholeGif(bytes: Uint8Array): boolean {
  let at = HEADER_BYTES + colourTableBytes(bytes[10])
  for (;;) {
    const kind = bytes[at]
    if (kind === undefined) return false
    if (kind === EXTENSION) at = afterSubBlocks(bytes, at + 2)
    else if (kind === IMAGE) at = afterImage(bytes, at)
    else return true
  }
}

function afterImage(bytes: Uint8Array, at: number): number {
  const table = colourTableBytes(bytes[at + IMAGE_DESCRIPTOR_BYTES - 1])
  const codeSizeBytes = 1
  return afterSubBlocks(bytes, at + IMAGE_DESCRIPTOR_BYTES + table + codeSizeBytes)
}

/** Each sub-block starts with its length; a length of 0 ends them. */
function afterSubBlocks(bytes: Uint8Array, start: number): number {
  let at = start
  for (let length = bytes[at]; length !== undefined; length = bytes[at]) {
    at += 1 + length
    if (length === 0) break
  }
  return at
}

function colourTableBytes(flags = 0): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 0x07) + 1)
}
