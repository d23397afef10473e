import { HindraError } from '../errors.ts'
import type { StoredPair } from '../store/index.ts'

/** First line of every backup. */
export const MAGIC = 'hindra backup 1\n'
/** How the last line begins, before the SHA-256 of all that stands before it. */
export const TRAILER = 'end '
export const TRAILER_BYTES = TRAILER.length + 64 + 1

export const LENGTH_BYTES = 4
/** Pairs are packed into parts of about this size, each sealed as one. */
export const PART_BYTES = 1024 * 1024
/** A single value may be this large, and its part a little larger. */
export const PART_BYTES_MAX = 64 * 1024 * 1024

/** The second line of a backup, in the clear: who can open it, and nothing of what is in it. */
export interface BackupHeader {
  readonly id: string
  readonly at: string
  /** The file's key, sealed by the data key of this id: base64. */
  readonly dataKey: { readonly id: string; readonly sealed: string }
  /** The same for each escrow key, by its thumbprint: compact JWE. */
  readonly escrow: readonly { readonly id: string; readonly jwe: string }[]
}

/** What each sealed part is bound to: its file and its place. */
export function bindingOf(id: string, number: number): string {
  return `backup/${id}/${number}`
}

/** Length of the key (4), key, length of the value (4), value; one after the other. */
export function packPairs(pairs: readonly StoredPair[]): Uint8Array {
  return Buffer.concat(
    pairs.flatMap(({ key, value }) => [lengthOf(key), key, lengthOf(value), value]),
  )
}

/** Throws STORE_CORRUPT. */
export function* unpackPairs(packed: Uint8Array): Generator<StoredPair> {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  let position = 0
  const take = (): Buffer => {
    const start = position + LENGTH_BYTES
    if (start > bytes.length) throw damaged('a part of the backup is cut off')
    position = start + bytes.readUInt32BE(position)
    if (position > bytes.length) throw damaged('a part of the backup is cut off')
    return bytes.subarray(start, position)
  }
  while (position < bytes.length) yield { key: take(), value: take() }
}

export function lengthOf(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32BE(bytes.length)
  return length
}

export function damaged(message: string): HindraError {
  return new HindraError('BACKUP_DAMAGED', message)
}
