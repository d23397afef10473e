import type { ErrorCode } from '../../../errors.ts'

/** Why a record of a crawl, or a file in a tar, cannot be read, and what is said of it. */
export const RECORD_FAULTS = {
  truncated: { code: 'INVALID_INPUT', detail: 'the file ends in the middle of a record' },
  damaged: {
    code: 'INVALID_INPUT',
    detail: 'the file is damaged here, and nothing behind it is read',
  },
  'zip-compressed': {
    code: 'INVALID_INPUT',
    detail: 'the WACZ compresses its archives, which it is to store as they are',
  },
  zstandard: {
    code: 'INVALID_INPUT',
    detail: 'Zstandard is not read: zstd -dc FILE | hindra feed -',
  },
  'no-tar': { code: 'INVALID_INPUT', detail: 'no tar archive stands here' },
  'no-record': { code: 'INVALID_INPUT', detail: 'no record of a WARC file stands here' },
  'wrong-length': { code: 'INVALID_INPUT', detail: 'the record is not as long as it says' },
  'head-too-long': { code: 'TOO_LARGE', detail: 'the headers are over 64 KiB' },
  'no-http': { code: 'INVALID_INPUT', detail: 'the record holds no HTTP response' },
  undecodable: { code: 'INVALID_INPUT', detail: 'the body is not encoded as it says' },
  'too-large': { code: 'TOO_LARGE', detail: 'the body is over decode.bytesMax' },
  crowded: { code: 'TOO_LARGE', detail: 'there are over 1,024 media of one name' },
  'no-media': {
    code: 'MEDIA_UNSUPPORTED',
    detail: 'it is named as a picture or a film, and its bytes are of none that Hindra decodes',
  },
  link: { code: 'INVALID_INPUT', detail: 'it is a link: the tar does not hold its bytes here' },
  sparse: {
    code: 'INVALID_INPUT',
    detail: 'it is a sparse file, whose bytes are not as they were',
  },
  'no-json': {
    code: 'INVALID_INPUT',
    detail: 'the JSON cannot be read, or is over 1 MiB: what is beside it is of no URL',
  },
} as const satisfies Record<string, { readonly code: ErrorCode; readonly detail: string }>

export type RecordFault = keyof typeof RECORD_FAULTS

/** Thrown where a record cannot be read; caught where records are told apart. */
export class UnreadableRecord extends Error {
  readonly fault: RecordFault

  constructor(fault: RecordFault) {
    super(fault)
    this.fault = fault
  }
}
