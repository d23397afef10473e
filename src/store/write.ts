import { HindraError } from '../errors.ts'

/** What a transaction does to one key: bytes are put, null deletes, a bigint is added. */
export type Write = Buffer | bigint | null

const COUNTER_BYTES = 8

/** The value after the write; undefined where there is none. Throws STORE_CORRUPT. */
export function applyWrite(before: Buffer | undefined, write: Write): Buffer | undefined {
  if (write === null) return undefined
  return typeof write === 'bigint' ? encodeCounter(decodeCounter(before) + write) : write
}

/** A write that has the effect of both, the first one first. */
export function combineWrites(first: Write, second: Write): Write {
  if (typeof second !== 'bigint') return second
  if (typeof first === 'bigint') return first + second
  return applyWrite(first ?? undefined, second) ?? null
}

export function sizeOfWrite(write: Write): number {
  if (write === null) return 0
  return typeof write === 'bigint' ? COUNTER_BYTES : write.length
}

/** Reads what `Transaction.add` counted: 0 where there is nothing. Throws STORE_CORRUPT. */
export function readCounter(value: Uint8Array | undefined): number {
  return Number(decodeCounter(value))
}

function encodeCounter(count: bigint): Buffer {
  const bytes = Buffer.alloc(COUNTER_BYTES)
  bytes.writeBigInt64BE(BigInt.asIntN(64, count))
  return bytes
}

function decodeCounter(value: Uint8Array | undefined): bigint {
  if (value === undefined) return 0n
  if (value.length !== COUNTER_BYTES) {
    throw new HindraError('STORE_CORRUPT', 'a counter of the store is not a 64-bit integer')
  }
  return Buffer.from(value).readBigInt64BE()
}
