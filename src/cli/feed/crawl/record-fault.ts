import type { ErrorCode } from '../../../errors.ts'

/** Why a record of a crawl cannot be read, and what is said of it. */
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
  'no-record': { code: 'INVALID_INPUT', detail: 'no record of a WARC file stands here' },
  'wrong-length': { code: 'INVALID_INPUT', detail: 'the record is not as long as it says' },
  'head-too-long': { code: 'TOO_LARGE', detail: 'the headers are over 64 KiB' },
  'no-http': { code: 'INVALID_INPUT', detail: 'the record holds no HTTP response' },
  undecodable: { code: 'INVALID_INPUT', detail: 'the body is not encoded as it says' },
  'too-large': { code: 'TOO_LARGE', detail: 'the body is over decode.bytesMax' },
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
