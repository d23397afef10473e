import type { Sighting } from '../../intake/index.ts'
import type { RecordFault } from './crawl/record-fault.ts'
import type { LineFault } from './line-fault.ts'

/** More than a sighting has beside its media: three URLs and some short fields. */
const FIELDS_BYTES = 64 * 1024

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

/** A record becomes a line, with media or without, an upload, a fault, or none of them. */
export interface RecordLine {
  /** Where the next record begins. */
  readonly next: RecordPlace
  /** Records up to and with this one. */
  readonly record: number
  /** The name of the file in the tar, where it is one. */
  readonly entry?: string
  readonly text?: string
  /** The media that go with the line, where it has some. */
  readonly media?: Uint8Array
  readonly upload?: RecordUpload
  /** Whether the media go no further than the crawl has them: perhaps nothing can be decoded of them. */
  readonly isPart?: true
  readonly fault?: LineFault & { readonly reason: RecordFault }
  /** Whether nothing behind it is read: from here it is gone on with. */
  readonly isLast: boolean
  /** Whether another line of the same record follows, without which it is not done. */
  readonly isMoreOfIt?: true
  /** Whether it may become another one while the file grows. */
  readonly mayGrow?: true
}

/** A record is sent as a line, with media or without, or as an upload; as neither where it shows nothing. */
export type SentRecord = Pick<RecordLine, 'text' | 'media' | 'upload' | 'isPart'>

/** How media are sent: with a line, where they fit in one. */
export function sentAs(
  sighting: Omit<Sighting, 'media'>,
  media: Uint8Array,
  { lineBytesMax }: RecordLimits,
): SentRecord {
  if (media.length + FIELDS_BYTES > lineBytesMax) return { upload: { sighting, media } }
  return { text: JSON.stringify(sighting), media }
}
