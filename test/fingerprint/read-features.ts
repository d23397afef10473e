/** See `native/features/known.h` and `native/features/seen.h` for the layouts. */
const HEADER_BYTES = 8
const TEXTURE_BYTES = 1352
const DESCRIPTOR_BYTES = 32
const FEATURE_BYTES = DESCRIPTOR_BYTES + 4

/** A descriptor of 256 bits with the angle (0 to 127, a full turn) and scale (0 to 7) it was seen at. */
interface Feature {
  readonly descriptor: Uint8Array
  readonly angle: number
  readonly level: number
  /** Whether it is of the mirrored picture. */
  readonly mirrored: boolean
}

/** Those of a known picture, the most telling first. */
export function featuresOfKnown(known: Uint8Array): readonly Feature[] {
  return readFeatures(known, HEADER_BYTES + TEXTURE_BYTES)
}

/** Those of a picture that is looked for, as it is and mirrored. */
export function featuresOfSeen(seen: Uint8Array): readonly Feature[] {
  const plain = readFeatures(seen, HEADER_BYTES)
  const from = HEADER_BYTES + plain.length * FEATURE_BYTES
  const mirrored = plain.map(({ angle, level }, index): Feature => {
    const at = from + index * DESCRIPTOR_BYTES
    const descriptor = seen.subarray(at, at + DESCRIPTOR_BYTES)
    return { descriptor, angle: (192 - angle) % 128, level, mirrored: true }
  })
  return [...plain, ...mirrored]
}

function readFeatures(bytes: Uint8Array, from: number): Feature[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: view.getUint16(6, true) }, (_, index) => {
    const at = from + index * FEATURE_BYTES
    const place = view.getUint32(at + DESCRIPTOR_BYTES, true)
    const descriptor = bytes.subarray(at, at + DESCRIPTOR_BYTES)
    return { descriptor, angle: place >>> 25, level: (place >>> 22) & 7, mirrored: false }
  })
}
