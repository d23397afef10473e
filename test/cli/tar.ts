import { ByteReader } from '../../src/cli/feed/crawl/byte-reader.ts'
import { createCrawlTally } from '../../src/cli/feed/crawl/tally.ts'
import type { RecordPlace } from '../../src/cli/feed/record-line.ts'
import { shardLines } from '../../src/cli/feed/shard/shard-lines.ts'
import { readable } from './read-crawl.ts'

/** Tars as data sets are kept in, and as they should not be. */
const BLOCK = 512
export const END = Buffer.alloc(2 * BLOCK)
export const MIB = 1024 * 1024
const LIMITS = { mediaBytesMax: 4 * MIB, lineBytesMax: 16 * MIB }

export interface MemberParts {
  readonly type?: string
  /** What the header says, where that is not so: a number, or the field as it stands. */
  readonly size?: number | Buffer
}

export function headerOf(name: string, size: number | Buffer, type = '0'): Buffer {
  const header = Buffer.alloc(BLOCK)
  header.write(name, 0, 100)
  header.write('0000644\0', 100)
  if (typeof size === 'number') header.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  else size.copy(header, 124)
  header.write('00000000000\0', 136)
  header.write(' '.repeat(8), 148)
  header.write(type, 156)
  header.write('ustar\x0000', 257)
  const sum = header.reduce((all, byte) => all + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

export function memberOf(name: string, content: string | Uint8Array, parts: MemberParts = {}) {
  const bytes = Buffer.from(content)
  const padding = Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)
  return Buffer.concat([headerOf(name, parts.size ?? bytes.length, parts.type), bytes, padding])
}

export function paxOf(...records: readonly string[]): Buffer {
  const lines = records.map((record) => {
    const length = Buffer.byteLength(record) + 2
    const digits = String(length + String(length).length).length
    return `${String(length + digits)} ${record}\n`
  })
  return memberOf('PaxHeaders/x', lines.join(''), { type: 'x' })
}

/** A number as GNU writes what has no place in octal digits. */
export function binaryOf(first: number, value: bigint): Buffer {
  const field = Buffer.alloc(12)
  field.writeBigUInt64BE(BigInt.asUintN(64, value), 4)
  field[0] = first
  return field
}

interface Read {
  readonly entry?: string
  readonly url?: string
  readonly media?: string
  readonly reference?: string
  readonly idempotencyKey?: string
  readonly fault?: string
}

/** What is made of a tar that comes in pieces of this size. */
export async function readTar(
  file: Uint8Array,
  {
    piece = 64 * 1024,
    isForReport = true,
    from = { position: 0, inside: 0 },
    limits = LIMITS,
  } = {},
) {
  return readPieces(pieces(file.subarray(from.position), piece), { isForReport, from, limits })
}

export async function readPieces(
  source: AsyncIterable<Uint8Array>,
  { isForReport = true, from = { position: 0, inside: 0 }, limits = LIMITS } = {},
) {
  const tally = createCrawlTally()
  const lines: Read[] = []
  const places: RecordPlace[] = []
  for await (const line of shardLines(
    new ByteReader(source, from.position),
    { limits, isForReport, tally },
    { shard: 's.tar', next: (position, inside) => ({ position, inside }) },
    { records: 0, inside: from.inside },
  )) {
    if (!line.isLast) places.push(line.next)
    const { entry = '', text, media, upload, fault } = line
    if (text !== undefined) lines.push({ entry, ...(JSON.parse(text) as Read), ...readable(media) })
    if (upload !== undefined) lines.push({ entry, ...upload.sighting, ...readable(upload.media) })
    if (fault !== undefined) lines.push({ entry, fault: fault.reason })
  }
  return { lines, places, counts: tally.counts() }
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    yield await Promise.resolve(bytes.subarray(at, at + size))
  }
}

/** Entries, and what is wrong with them. */
export function said(lines: readonly Read[]): readonly string[] {
  return lines.map(({ entry = '', fault }) => (fault === undefined ? entry : `${entry}: ${fault}`))
}
