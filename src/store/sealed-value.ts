import { keyIdOf } from '../core/index.ts'

/** First byte of a record of a `Collection`. */
export const RECORD_FORMAT = 1
/** Of an entry of a `SealedLog`. */
export const LOG_FORMAT = 2

const LENGTH_BYTES = 4
/** Format and length of the clear part. */
export const RECORD_HEADER_BYTES = 1 + LENGTH_BYTES

/** Where the sealed part of a record begins; undefined where this is no record. */
export function sealedPartAt(value: Buffer): number | undefined {
  if (value[0] !== RECORD_FORMAT || value.length < RECORD_HEADER_BYTES) return undefined
  const end = RECORD_HEADER_BYTES + value.readUInt32BE(1)
  return end > value.length ? undefined : end
}

/** Which key sealed a stored value; undefined where it holds nothing sealed. */
export function sealedBy(value: Buffer): string | undefined {
  if (value[0] === LOG_FORMAT) return keyIdOf(value.subarray(1))
  const start = sealedPartAt(value)
  return start === undefined ? undefined : keyIdOf(value.subarray(start))
}
