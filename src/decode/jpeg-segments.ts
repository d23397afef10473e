const MARKER = 0xff
const FIRST_SEGMENT_AT = 2
/** Marker and length, in front of a segment's data. */
const SEGMENT_HEAD_BYTES = 4
const START_OF_SCAN = 0xda
/** Baseline, extended and progressive Huffman coding. */
const FRAMES: readonly number[] = [0xc0, 0xc1, 0xc2]
/** JFIF, ICC profile and Adobe; tables, comments and restart interval. None can turn the picture. */
const WITHOUT_ORIENTATION: readonly number[] = [0xe0, 0xe2, 0xee, 0xc4, 0xdb, 0xdd, 0xfe]

export interface JpegSize {
  readonly width: number
  readonly height: number
  /** The orientation, which is never there. */
  readonly orientation?: undefined
}

/**
 * The size of a JPEG that names no orientation, from its segments up to the scan (ITU-T T.81, annex
 * B.2). Undefined where there is any other segment (EXIF is in APP1), or one that is damaged.
 */
export function untaggedJpegSize(bytes: Uint8Array): JpegSize | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let size: JpegSize | undefined
  let at = FIRST_SEGMENT_AT
  while (at + SEGMENT_HEAD_BYTES <= file.length && file[at] === MARKER) {
    const type = file[at + 1] ?? 0
    const end = at + 2 + file.readUInt16BE(at + 2)
    if (type === START_OF_SCAN) return size
    if (FRAMES.includes(type) && size === undefined && at + 9 <= file.length) {
      size = { height: file.readUInt16BE(at + 5), width: file.readUInt16BE(at + 7) }
    } else if (!WITHOUT_ORIENTATION.includes(type)) {
      return undefined
    }
    at = end
  }
  return undefined
}
