import { STATE_KEY } from '../layout.ts'
import type { Versionstamp } from '../port.ts'
import { varint } from './snappy.ts'
import { decodeState } from '../state.ts'

// LevelDB's write batch (db/write_batch.cc): sequence and count, then the operations.
const HEADER_BYTES = 12
const PUT = 1

/** Up to which commit a batch goes, as it is in LevelDB's log; undefined where the store did not write it. */
export function versionOf(batch: Buffer): Versionstamp | undefined {
  let position = HEADER_BYTES
  while (position < batch.length) {
    const isPut = batch.readUInt8(position) === PUT
    position += 1
    const key = text()
    const value = isPut ? text() : undefined
    if (value !== undefined && key.equals(STATE_KEY)) return decodeState(value).version
  }
  return undefined

  function text(): Buffer {
    const { value: length, end } = varint(batch, position)
    position = end + length
    return batch.subarray(end, position)
  }
}
