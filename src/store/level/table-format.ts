import { crc32c, masked } from './crc32c.ts'
import { unsnappy, varint } from './snappy.ts'

// LevelDB's table (doc/table_format.md): blocks, an index of them, and a footer that says where that is.
const FOOTER_BYTES = 48
const MAGIC = 0xdb4775248b80fb57n
const SNAPPY = 1
const RESTART_BYTES = 4
const SEQUENCE_BYTES = 8

interface Handle {
  readonly offset: number
  readonly size: number
}

/** A block that is not what was written. */
export interface DamagedBlock {
  readonly from: number
  readonly to: number
  /** Keys of the entries that can still be told apart: those of a part of it, or of none. */
  readonly keys: readonly Buffer[]
}

interface Entry {
  readonly key: Buffer
  readonly value: Buffer
}

/**
 * The blocks of a table of which the checksum is wrong: LevelDB compares none where it reads
 * (`verify_checksums`, which classic-level does not offer), and may end the process where one is.
 */
export function checkTable(table: Buffer): readonly DamagedBlock[] {
  const damaged: DamagedBlock[] = []
  try {
    const start = table.length - FOOTER_BYTES
    if (table.readBigUInt64LE(table.length - 8) !== MAGIC) throw new RangeError('no table')
    const meta = handleAt(table, start)
    const index = handleAt(table, meta.end)
    if (isWhole(meta)) for (const { value } of entriesIn(stored(meta))) isWhole(handleAt(value, 0))
    if (isWhole(index))
      for (const { value } of entriesIn(stored(index))) isWhole(handleAt(value, 0))
  } catch (error) {
    // What the rest is, only what is damaged could tell.
    if (!(error instanceof RangeError)) throw error
    if (damaged.length === 0) damaged.push({ from: 0, to: table.length, keys: [] })
  }
  return damaged

  /** With the byte that says how it is compressed. */
  function stored({ offset, size }: Handle): Buffer {
    return table.subarray(offset, offset + size + 1)
  }

  function isWhole(handle: Handle): boolean {
    const { offset, size } = handle
    const bytes = stored(handle)
    if (table.readUInt32LE(offset + size + 1) === masked(crc32c(bytes))) return true
    damaged.push({ from: offset, to: offset + size, keys: keysIn(bytes) })
    return false
  }
}

function handleAt(bytes: Buffer, start: number): Handle & { readonly end: number } {
  const offset = varint(bytes, start)
  const size = varint(bytes, offset.end)
  return { offset: offset.value, size: size.value, end: size.end }
}

function keysIn(stored: Buffer): readonly Buffer[] {
  const keys: Buffer[] = []
  try {
    for (const { key } of entriesIn(stored)) keys.push(key)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  return keys
}

/** A key leaves out what it shares with the one before. Throws RangeError where nothing more can be read. */
function* entriesIn(stored: Buffer): Iterable<Entry> {
  const body = stored.subarray(0, -1)
  const block = stored.at(-1) === SNAPPY ? unsnappy(body) : body
  const restarts = block.readUInt32LE(block.length - RESTART_BYTES)
  const end = block.length - RESTART_BYTES * (restarts + 1)
  let key = Buffer.alloc(0)
  for (let position = 0; position < end; ) {
    const shared = varint(block, position)
    const unshared = varint(block, shared.end)
    const value = varint(block, unshared.end)
    const at = value.end + unshared.value
    position = at + value.value
    if (shared.value > key.length || position > end) throw new RangeError('beyond the block')
    key = Buffer.concat([key.subarray(0, shared.value), block.subarray(value.end, at)])
    // Sequence and kind of the write end a key.
    yield { key: key.subarray(0, -SEQUENCE_BYTES), value: block.subarray(at, position) }
  }
}
