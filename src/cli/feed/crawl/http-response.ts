import { isUtf8 } from 'node:buffer'
import { decodeBody } from '../../../intake/values.ts'
import { HindraError } from '../../../errors.ts'
import { ByteReader } from './byte-reader.ts'
import { type HeadLines, readHead } from './fields.ts'
import { UnreadableRecord } from './record-fault.ts'

/** The longest line that may tell the length of a chunk. */
const CHUNK_LINE_BYTES_MAX = 256
/** So much tells what a file is. */
const TELLING_BYTES = 4096

/** What a host answered, as a crawler wrote it down. */
export interface HttpResponse {
  /** Undefined for what was not come by over HTTP. */
  readonly status: number | undefined
  readonly fields: HeadLines['fields']
  readonly body: ByteReader
}

/** Throws UnreadableRecord. */
export async function readResponse(block: AsyncIterable<Uint8Array>): Promise<HttpResponse> {
  const body = new ByteReader(block)
  const head = await readHead(body, 'latin1')
  const [, status] = /^HTTP\/\d(?:\.\d)? +(\d{3})\b/.exec(head?.first ?? '') ?? []
  if (head === undefined || status === undefined) throw new UnreadableRecord('no-http')
  return { status: Number(status), fields: head.fields, body }
}

/** Whether a host sent a part of a file alone. */
export function isPart({ status, fields }: Pick<HttpResponse, 'status' | 'fields'>): boolean {
  if (status !== 206) return false
  const [, from, to, all] =
    /^bytes +(\d+)-(\d+)\/(\d+)$/.exec(fields.get('content-range') ?? '') ?? []
  return Number(from) !== 0 || Number(to) + 1 !== Number(all)
}

/** What is of use, by its bytes. */
export type Telling<Kind> = (head: Uint8Array) => Kind | undefined

export interface KeptBody<Kind> {
  readonly kind: Kind
  readonly bytes: Uint8Array
  /** Whether there was more of it than the crawler kept. */
  readonly isCut: boolean
}

/**
 * The body without what framed it: chunks and encodings, where it still has them; many crawlers undo both, and leave the
 * headers as they were. Undefined for what nobody wants. Throws UnreadableRecord.
 */
export async function bodyOf<Kind>(
  { fields, body }: Pick<HttpResponse, 'fields' | 'body'>,
  bytesMax: number,
  telling: Telling<Kind>,
): Promise<KeptBody<Kind> | undefined> {
  const encoding = fields.get('content-encoding') ?? ''
  const isChunked = /\bchunked\b/i.test(fields.get('transfer-encoding') ?? '')
  const head = (await body.fill(TELLING_BYTES)).subarray(0, TELLING_BYTES)
  const isFramed = isChunked || encoding !== ''
  if (!isFramed && telling(head) === undefined) return undefined
  const stored = await gathered(body, bytesMax)
  if (stored === undefined) {
    if (telling(head) === undefined) return undefined
    throw new UnreadableRecord('too-large')
  }
  const joined = isChunked ? dechunked(stored) : { bytes: stored, isCut: false }
  const plain = telling(joined.bytes)
  if (plain !== undefined) {
    const said = isFramed ? 0 : Number(fields.get('content-length') ?? 0)
    return { kind: plain, bytes: joined.bytes, isCut: joined.isCut || said > stored.length }
  }
  if (encoding === '') return undefined
  const bytes = await decoded(joined.bytes, encoding, bytesMax)
  const kind = bytes === undefined ? undefined : telling(bytes)
  return bytes === undefined || kind === undefined
    ? undefined
    : { kind, bytes, isCut: joined.isCut }
}

async function gathered(body: ByteReader, bytesMax: number): Promise<Buffer | undefined> {
  const held = await body.fill(bytesMax + 1)
  return held.length > bytesMax ? undefined : held
}

/** As it is where it is not in chunks. Throws UnreadableRecord where it begins in chunks and does not go on so. */
function dechunked(stored: Buffer): { readonly bytes: Buffer; readonly isCut: boolean } {
  // One buffer for all of them: of chunks that hold a byte each there may be as many as bytes.
  let joined: Buffer | undefined
  let length = 0
  for (let at = 0; ; ) {
    const line = stored.toString('latin1', at, at + CHUNK_LINE_BYTES_MAX)
    const [head, size] = /^([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n/.exec(line) ?? []
    if (head === undefined || size === undefined) {
      if (joined === undefined) return { bytes: stored, isCut: false }
      const isCut = line.length < CHUNK_LINE_BYTES_MAX && !line.includes('\n')
      if (isCut) return { bytes: joined.subarray(0, length), isCut }
      throw new UnreadableRecord('undecodable')
    }
    joined ??= Buffer.alloc(stored.length)
    const from = at + head.length
    const to = from + Number.parseInt(size, 16)
    length += stored.copy(joined, length, from, to)
    if (to === from || to > stored.length) {
      return { bytes: joined.subarray(0, length), isCut: to !== from }
    }
    at = to + (stored[to] === 0x0d ? 2 : 1)
  }
}

/** Undefined for text that is encoded no longer. */
async function decoded(
  bytes: Uint8Array,
  encoding: string,
  bytesMax: number,
): Promise<Uint8Array | undefined> {
  try {
    return await decodeBody(bytes, encoding, bytesMax)
  } catch (error) {
    const isBomb = error instanceof HindraError && error.code === 'TOO_LARGE'
    if (!isBomb && isUtf8(bytes)) return undefined
    throw new UnreadableRecord(isBomb ? 'too-large' : 'undecodable')
  }
}
