import type { Sighting } from '../../intake/index.ts'
import type { RecordFault } from './crawl/record-fault.ts'
import type { LineFault } from './line-fault.ts'

const BASE64_CHARS = 4
const BASE64_BYTES = 3
/** More than a sighting has beside its media: three URLs and some short fields. */
const FIELDS_BYTES = 64 * 1024
/** A line ends so behind its media. */
const CLOSING = '"}'

/** Where a record begins. */
export interface RecordPlace {
  /** Bytes from the start of the file to the record, or to what it is a part of: a gzip member, or a sample of a tar. */
  readonly position: number
  /** Records before it in that. */
  readonly inside: number
}

export interface RecordLimits {
  /** `decode.bytesMax`: of media, and of what is decompressed to find them. */
  readonly mediaBytesMax: number
  /** `server.lineBytesMax`: what is longer is uploaded. */
  readonly lineBytesMax: number
}

/** Media that are too large for a line. */
export interface RecordUpload {
  readonly sighting: Omit<Sighting, 'media'>
  readonly media: Uint8Array
}

/** What a record becomes: a line, an upload, a fault, or none of them. */
export interface RecordLine {
  /** Where the next record begins. */
  readonly next: RecordPlace
  /** Records up to and with this one. */
  readonly record: number
  /** The name of the file in the tar, where it is one. */
  readonly entry?: string
  readonly text?: string
  readonly upload?: RecordUpload
  readonly fault?: LineFault & { readonly reason: RecordFault }
  /** Whether nothing behind it is read: from here it is gone on with. */
  readonly isLast: boolean
  /** Whether it may become another one while the file grows. */
  readonly mayGrow?: true
}

/** How media are sent: in a line, where they fit in one. */
export function sentAs(
  sighting: Omit<Sighting, 'media'>,
  media: Uint8Array,
  { lineBytesMax }: RecordLimits,
): Pick<RecordLine, 'text' | 'upload'> {
  const chars = Math.ceil(media.length / BASE64_BYTES) * BASE64_CHARS
  if (chars + FIELDS_BYTES > lineBytesMax) return { upload: { sighting, media } }
  const base64 = Buffer.from(media.buffer, media.byteOffset, media.length).toString('base64')
  // Nothing of base64 is escaped: the media are not looked through for it.
  const empty = JSON.stringify({ ...sighting, media: '' })
  return { text: `${empty.slice(0, -CLOSING.length)}${base64}${CLOSING}` }
}
