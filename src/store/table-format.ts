import { crc32c, masked } from './crc32c.ts'
import { unsnappy, varint } from './snappy.ts'

// LevelDB's table (doc/table_format.md): blocks, an index of them, and a footer that says where that is.
const FOOTER_BYTES = 48
const MAGIC = 0xdb4775248b80fb57n
const SNAPPY = 1
const RESTART_BYTES = 4

interface Handle {
  readonly offset: number
  readonly size: number
}

/**
 * How many blocks a table has, and where those are of which the checksum is wrong: LevelDB compares none
 * where it reads (`verify_checksums`, which classic-level does not offer).
 */
export function checkTable(table: Buffer): {
  readonly blocks: number
  readonly damaged: readonly Handle[]
} {
  const damaged: Handle[] = []
  let blocks = 0
  try {
    const start = table.length - FOOTER_BYTES
    if (table.readBigUInt64LE(table.length - 8) !== MAGIC) throw new RangeError('no table')
    const meta = handleAt(table, start)
    const index = handleAt(table, meta.end)
    for (const each of [meta, index]) {
      for (const handle of handlesIn(check(each))) check(handle)
    }
  } catch (error) {
    // What the rest is, only what is damaged could tell.
    if (!(error instanceof RangeError)) throw error
    if (damaged.length === 0) damaged.push({ offset: 0, size: table.length })
  }
  return { blocks, damaged }

  /** Its bytes with their trailer; none where they are not what was written. */
  function check({ offset, size }: Handle): Buffer {
    blocks += 1
    const end = offset + size
    const sum = table.readUInt32LE(end + 1)
    if (sum === masked(crc32c(table, offset, end + 1))) return table.subarray(offset, end + 1)
    damaged.push({ offset, size })
    return Buffer.of()
  }
}

function handleAt(bytes: Buffer, start: number): Handle & { readonly end: number } {
  const offset = varint(bytes, start)
  const size = varint(bytes, offset.end)
  return { offset: offset.value, size: size.value, end: size.end }
}

/** What the entries of an index lead to. */
function handlesIn(stored: Buffer): readonly Handle[] {
  if (stored.length === 0) return []
  const body = stored.subarray(0, -1)
  const block = stored.at(-1) === SNAPPY ? unsnappy(body) : body
  const restarts = block.readUInt32LE(block.length - RESTART_BYTES)
  const end = block.length - RESTART_BYTES * (restarts + 1)
  const handles: Handle[] = []
  for (let position = 0; position < end; ) {
    const shared = varint(block, position)
    const unshared = varint(block, shared.end)
    const value = varint(block, unshared.end)
    const at = value.end + unshared.value
    handles.push(handleAt(block, at))
    position = at + value.value
  }
  return handles
}
