import { crc32, createInflateRaw, type InflateRaw, inflateRawSync } from 'node:zlib'
import type { ByteReader } from './byte-reader.ts'
import { UnreadableRecord } from './record-fault.ts'

const MAGIC = 0x1f8b
const DEFLATE = 8
const HEADER_BYTES = 10
const TRAILER_BYTES = 8
/** Flags of RFC 1952, 2.3.1. */
const HEADER_CRC = 2
const EXTRA = 4
const TEXTS = [8, 16]

/**
 * A member that is whole within so many bytes is inflated in one call: a stream of its own costs more than what it inflates.
 * Where the bytes that were tried are not enough, what that call inflated is inflated again.
 */
const HELD_BYTES = { least: 64 * 1024, most: 1024 * 1024 }
/** A member is first tried with the length of the one before it, and a quarter more; so is what it holds. */
const LONGER_THAN_BEFORE = 1.25
const PIECE_BYTES = 256 * 1024
const INFLATED_BYTES = { least: PIECE_BYTES, most: 8 * 1024 * 1024 }

export function isGzip(bytes: Buffer): boolean {
  return bytes.length >= 2 && bytes.readUInt16BE(0) === MAGIC
}

/** How long the next member may be, and what it holds, by those before it. */
interface Likely {
  bytes: number
  inflated: number
}

/**
 * The members of a gzip file (RFC 1952), one after the other: what each holds, which is read to its end before the next is
 * asked for; behind it the reader stands at the next. A file of records has a member for each, so that any of them can be
 * read alone, which Node's own stream does not tell apart. Throws UnreadableRecord for a member that is cut off or damaged.
 */
export async function* gzipMembers(reader: ByteReader): AsyncGenerator<AsyncIterable<Uint8Array>> {
  const likely = { bytes: HELD_BYTES.least, inflated: INFLATED_BYTES.least }
  while ((await reader.fill(1)).length > 0) yield inflatedMember(reader, likely)
}

async function* inflatedMember(reader: ByteReader, likely: Likely): AsyncGenerator<Uint8Array> {
  reader.pass(headerBytes(await reader.fill(HELD_BYTES.least)))
  const sum = { crc: 0, bytes: 0 }
  for await (const piece of inflated(reader, likely)) {
    sum.crc = crc32(piece, sum.crc)
    sum.bytes += piece.length
    yield piece
  }
  const trailer = await reader.fill(TRAILER_BYTES)
  if (trailer.length < TRAILER_BYTES) throw new UnreadableRecord('truncated')
  const isWhole =
    trailer.readUInt32LE(0) === sum.crc && trailer.readUInt32LE(4) === sum.bytes % 2 ** 32
  if (!isWhole) throw new UnreadableRecord('damaged')
  reader.pass(TRAILER_BYTES)
}

function headerBytes(held: Buffer): number {
  if (held.length < HEADER_BYTES) throw new UnreadableRecord('truncated')
  if (!isGzip(held) || held[2] !== DEFLATE) throw new UnreadableRecord('damaged')
  const flags = held[3] ?? 0
  let at = HEADER_BYTES
  if ((flags & EXTRA) !== 0) at += 2 + (at + 2 <= held.length ? held.readUInt16LE(at) : 0)
  for (const text of TEXTS) {
    if ((flags & text) === 0) continue
    const end = held.indexOf(0, at)
    if (end === -1) throw new UnreadableRecord('damaged')
    at = end + 1
  }
  if ((flags & HEADER_CRC) !== 0) at += 2
  if (at > held.length) throw new UnreadableRecord('truncated')
  return at
}

/** Pages between pictures do not make it forget how long those are. */
function likelyBytes(
  latest: number,
  before: number,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  return Math.round(Math.min(Math.max(latest * LONGER_THAN_BEFORE, before / 2, least), most))
}

async function* inflated(reader: ByteReader, likely: Likely): AsyncGenerator<Uint8Array> {
  for (const bytes of [likely.bytes, HELD_BYTES.most]) {
    const whole = inflatedAtOnce(await reader.fill(bytes), likely.inflated)
    if (whole === undefined) continue
    const { consumed } = whole
    likely.bytes = likelyBytes(consumed, likely.bytes, HELD_BYTES)
    likely.inflated = likelyBytes(whole.bytes.length, likely.inflated, INFLATED_BYTES)
    reader.pass(consumed)
    yield whole.bytes
    return
  }
  yield* inflatedPiecewise(reader)
}

/**
 * Undefined where the member is longer than what is held, or holds more than is inflated at once.
 *
 * @param likely How much it holds, at best no less: what is inflated in several pieces is copied once more
 */
function inflatedAtOnce(
  held: Buffer,
  likely: number,
): { readonly bytes: Uint8Array; readonly consumed: number } | undefined {
  try {
    const options = { info: true, maxOutputLength: INFLATED_BYTES.most, chunkSize: likely }
    // The types of Node do not know what `info` makes of the answer.
    const { buffer, engine } = inflateRawSync(held, options) as unknown as {
      readonly buffer: Uint8Array
      readonly engine: { readonly bytesWritten: number }
    }
    return { bytes: buffer, consumed: engine.bytesWritten }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'Z_BUF_ERROR' || code === 'ERR_BUFFER_TOO_LARGE') return undefined
    throw unreadable(error)
  }
}

async function* inflatedPiecewise(reader: ByteReader): AsyncGenerator<Uint8Array> {
  const inflate = createInflateRaw({ chunkSize: PIECE_BYTES })
  // What a stream of Node yields is not typed.
  const output = inflate[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>
  try {
    let coming = output.next()
    for (let isOver = false; ; ) {
      const held: Buffer | undefined = isOver ? undefined : await reader.fill(1)
      const before = inflate.bytesWritten
      const taken = held === undefined ? undefined : written(inflate, held)
      for (;;) {
        const next = await (taken === undefined ? coming : Promise.race([coming, taken]))
        if (next === 'taken') break
        if (next.done === true) {
          reader.pass(inflate.bytesWritten - before)
          return
        }
        yield next.value
        coming = output.next()
      }
      const consumed = inflate.bytesWritten - before
      reader.pass(consumed)
      // What stands behind the end of the member is left.
      isOver = consumed < (held?.length ?? 0)
    }
  } catch (error) {
    throw unreadable(error)
  } finally {
    inflate.destroy()
  }
}

/** Resolves when zlib has what it wants of these bytes; at the end of the source not at all. */
function written(inflate: InflateRaw, bytes: Buffer): Promise<'taken'> {
  return new Promise((resolve) => {
    if (bytes.length === 0) inflate.end()
    else {
      inflate.write(bytes, () => {
        resolve('taken')
      })
    }
  })
}

/** What zlib says of its input; other errors are none of the member's. */
function unreadable(error: unknown): unknown {
  const { code = '' } = error as NodeJS.ErrnoException
  if (!code.startsWith('Z_')) return error
  return new UnreadableRecord(code === 'Z_BUF_ERROR' ? 'truncated' : 'damaged')
}
