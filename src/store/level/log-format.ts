import { crc32c, masked } from './crc32c.ts'

// LevelDB's log (doc/log_format.md): blocks, filled with pieces; a record is one piece or several.
const BLOCK_BYTES = 32 * 1024
/** Checksum, length, type. */
const HEADER_BYTES = 7
const FULL = 1
const FIRST = 2
const MIDDLE = 3
const LAST = 4

/** What can be read of a log, in order. */
export type LogPart =
  | { readonly record: Buffer }
  /** Bytes of which no record can be made; `isTail` where none follows. */
  | { readonly hole: { readonly from: number; readonly to: number }; readonly isTail: boolean }

interface Piece {
  readonly type: number
  readonly body: Buffer
  readonly end: number
}

/**
 * Reads what LevelDB would, and all that is whole behind damage: LevelDB drops the rest of a block, and takes
 * a length that damage made too long for the end of the log. A hole as tail may be what a crash left.
 */
export function readLog(bytes: Buffer): readonly LogPart[] {
  const parts: LogPart[] = []
  /** Where the record begins whose pieces these are. */
  let begun: { readonly from: number; readonly bodies: Buffer[] } | undefined
  let holeFrom: number | undefined
  let position = 0

  while (position < bytes.length) {
    if (BLOCK_BYTES - (position % BLOCK_BYTES) < HEADER_BYTES) {
      position += BLOCK_BYTES - (position % BLOCK_BYTES)
      continue
    }
    const piece = pieceAt(bytes, position)
    if (piece === undefined) {
      lose(position)
      position += 1
      continue
    }
    const { type, body, end } = piece
    if (type === FULL || type === FIRST) {
      if (begun !== undefined) lose(position)
      endHole(position, false)
      if (type === FULL) parts.push({ record: body })
      else begun = { from: position, bodies: [body] }
    } else if (begun === undefined) {
      lose(position)
    } else {
      begun.bodies.push(body)
      if (type === LAST) {
        parts.push({ record: Buffer.concat(begun.bodies) })
        begun = undefined
      }
    }
    position = end
  }
  if (begun !== undefined) lose(bytes.length)
  endHole(bytes.length, true)
  return parts

  function lose(at: number): void {
    holeFrom ??= begun?.from ?? at
    begun = undefined
  }

  function endHole(to: number, isTail: boolean): void {
    if (holeFrom !== undefined) parts.push({ hole: { from: holeFrom, to }, isTail })
    holeFrom = undefined
  }
}

/** A log of these records. */
export function writeLog(records: readonly Buffer[]): Buffer {
  const written: Buffer[] = []
  let room = BLOCK_BYTES
  for (const record of records) {
    let from = 0
    do {
      if (room < HEADER_BYTES) {
        written.push(Buffer.alloc(room))
        room = BLOCK_BYTES
      }
      const body = record.subarray(from, from + room - HEADER_BYTES)
      const isFirst = from === 0
      from += body.length
      const isLast = from === record.length
      const type = isFirst ? (isLast ? FULL : FIRST) : isLast ? LAST : MIDDLE
      const rest = Buffer.concat([Buffer.of(type), body])
      const header = Buffer.alloc(HEADER_BYTES - 1)
      header.writeUInt32LE(masked(crc32c(rest)))
      header.writeUInt16LE(body.length, 4)
      written.push(header, rest)
      room -= HEADER_BYTES + body.length
    } while (from < record.length)
  }
  return Buffer.concat(written)
}

/** Undefined where no whole piece begins. */
function pieceAt(bytes: Buffer, position: number): Piece | undefined {
  const start = position + HEADER_BYTES
  const blockEnd = position - (position % BLOCK_BYTES) + BLOCK_BYTES
  if (start > bytes.length) return undefined
  const type = bytes.readUInt8(start - 1)
  const end = start + bytes.readUInt16LE(position + 4)
  if (type < FULL || type > LAST || end > Math.min(blockEnd, bytes.length)) return undefined
  if (bytes.readUInt32LE(position) !== masked(crc32c(bytes, start - 1, end))) return undefined
  return { type, body: bytes.subarray(start, end), end }
}
