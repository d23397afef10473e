import { ByteReader } from '../crawl/byte-reader.ts'
import { UnreadableRecord } from '../crawl/record-fault.ts'

const BLOCK = 512
/** What stands before a file of its own, as its long name. */
const META_BYTES_MAX = 64 * 1024
/** Where the sum of a header stands, which is made as if these were blanks. */
const SUM = { from: 148, to: 156 }
const BLANK = 0x20
/** The first bit of a number that is written in binary (GNU). */
const BINARY = 0x80

/** One member of a tar archive. */
export interface TarMember {
  readonly name: string
  /** `other` is what has no bytes of its own, or none that anybody wants: directories, devices, pipes. */
  readonly kind: 'file' | 'link' | 'sparse' | 'other'
  /** Where its headers begin, and where its bytes end. */
  readonly start: number
  readonly end: number
  /**
   * Its first bytes, so many or all of them: to be asked for before the next member is, or not at all. Throws
   * UnreadableRecord where the archive ends before.
   */
  first(bytes: number): Promise<Buffer>
}

/** What is said of a member before its own header. */
interface Said {
  readonly name?: string
  readonly size?: number
  readonly isSparse?: boolean
}

/**
 * The members of a tar archive (POSIX ustar and pax, GNU, and those before them), and of others behind its end. Throws
 * UnreadableRecord where it is cut off or damaged: where the next member begins is never guessed.
 */
export async function* tarMembers(reader: ByteReader): AsyncGenerator<TarMember> {
  let isBegun = false
  let isEnded = false
  let start = reader.position
  let said: Said = {}
  for (;;) {
    const header = await nextBlock(reader)
    if (header === undefined) {
      if (isEnded) return
      throw new UnreadableRecord('truncated')
    }
    isEnded = header.every((byte) => byte === 0)
    if (isEnded) {
      start = reader.position
      said = {}
      continue
    }
    if (!hasItsSum(header)) throw new UnreadableRecord(isBegun ? 'damaged' : 'no-tar')
    isBegun = true
    const type = header.toString('latin1', 156, 157)
    const written = sizeOf(header)
    const meta = META.get(type)
    if (meta !== undefined) {
      said = { ...said, ...meta(await metaOf(reader, written)) }
      continue
    }
    if (type === 'S') await passSparseMap(reader, header)
    const name = said.name ?? nameOf(header)
    const kind = said.isSparse === true ? 'sparse' : kindOf(type, name)
    const size = HAS_NO_BYTES.test(type) || isOldDirectory(type, name) ? 0 : (said.size ?? written)
    const end = reader.position + padded(size)
    yield { name, kind, start, end, first: firstOf(new ByteReader(reader.take(size)), size) }
    if (!(await reader.passTo(end))) throw new UnreadableRecord('truncated')
    start = end
    said = {}
  }
}

function firstOf(content: ByteReader, size: number): TarMember['first'] {
  return async (bytes) => {
    const held = await content.fill(bytes)
    if (held.length < Math.min(bytes, size)) throw new UnreadableRecord('truncated')
    return held.subarray(0, bytes)
  }
}

/** Links, devices, directories and pipes: what their headers say of a size is not meant. */
const HAS_NO_BYTES = /[1-6]/

/** What stands before a member, by its type: of all members that come (`g`) nothing is of use here. */
const META = new Map<string, (content: Buffer) => Said>([
  ['L', (content) => ({ name: textOf(content) })],
  ['K', () => ({})],
  ['g', () => ({})],
  ['x', paxOf],
  ['X', paxOf],
])

function kindOf(type: string, name: string): TarMember['kind'] {
  if (isOldDirectory(type, name)) return 'other'
  switch (type) {
    case '0':
    case '7':
    case '\0':
      return 'file'
    case '1':
    case '2':
      return 'link'
    case 'S':
      return 'sparse'
    default:
      return 'other'
  }
}

function isOldDirectory(type: string, name: string): boolean {
  return type === '\0' && name.endsWith('/')
}

/** Undefined where the source ends; throws where it ends within the block. */
async function nextBlock(reader: ByteReader): Promise<Buffer | undefined> {
  const block = (await reader.fill(BLOCK)).subarray(0, BLOCK)
  if (block.length === 0) return undefined
  if (block.length < BLOCK) throw new UnreadableRecord('truncated')
  reader.pass(BLOCK)
  return block
}

async function metaOf(reader: ByteReader, size: number): Promise<Buffer> {
  if (size > META_BYTES_MAX) throw new UnreadableRecord('head-too-long')
  const content = (await reader.fill(padded(size))).subarray(0, size)
  if (content.length < size) throw new UnreadableRecord('truncated')
  reader.pass(Math.min(padded(size), (await reader.fill(padded(size))).length))
  return content
}

/** GNU's map of a sparse file may go on behind the header. */
async function passSparseMap(reader: ByteReader, header: Buffer): Promise<void> {
  for (let isMore = header[482] !== 0; isMore; ) {
    const block = await nextBlock(reader)
    if (block === undefined) throw new UnreadableRecord('truncated')
    isMore = block[504] !== 0
  }
}

/** Some old programs took bytes for signed numbers. */
function hasItsSum(header: Buffer): boolean {
  const stored = octalOf(header, SUM.from, SUM.to)
  let [sum, signed] = [0, 0]
  for (const [at, byte] of header.entries()) {
    const counted = at >= SUM.from && at < SUM.to ? BLANK : byte
    sum += counted
    signed += counted < BINARY ? counted : counted - 256
  }
  return stored === sum || stored === signed
}

function sizeOf(header: Buffer): number {
  const first = header[124] ?? 0
  const size =
    (first & BINARY) === 0
      ? octalOf(header, 124, 136)
      : Number(BigInt(`0x${header.toString('hex', 125, 136)}`))
  // A negative one has all bits of the first byte.
  if (first > BINARY || !Number.isSafeInteger(size)) throw new UnreadableRecord('damaged')
  return size
}

/** NaN for what is no number; nothing is 0. */
function octalOf(header: Buffer, from: number, to: number): number {
  const text = textOf(header.subarray(from, to)).trim()
  return /^[0-7]*$/.test(text) ? Number.parseInt(`0${text}`, 8) : NaN
}

function nameOf(header: Buffer): string {
  const name = textOf(header.subarray(0, 100))
  const isPosix = header.toString('latin1', 257, 263) === 'ustar\0'
  const prefix = isPosix ? textOf(header.subarray(345, 500)) : ''
  return prefix === '' ? name : `${prefix}/${name}`
}

/** Up to the first NUL. */
function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0)
  return bytes.toString('utf8', 0, end === -1 ? bytes.length : end)
}

/** Records of pax: `LENGTH KEY=VALUE` and a line feed, each as many bytes as it says. */
function paxOf(content: Buffer): Said {
  let said: Said = {}
  for (let at = 0; at < content.length; ) {
    const [head, digits] = /^(\d{1,6}) /.exec(content.toString('latin1', at, at + 7)) ?? []
    const end = at + Number(digits)
    if (head === undefined || end > content.length || end <= at + head.length) {
      throw new UnreadableRecord('damaged')
    }
    const [, key = '', value = ''] =
      /^([^=]*)=(.*)\n$/s.exec(content.toString('utf8', at + head.length, end)) ?? []
    if (key === 'path' && value !== '') said = { ...said, name: value }
    if (key === 'size') said = { ...said, size: decimalOf(value) }
    if (key.startsWith('GNU.sparse.')) said = { ...said, isSparse: true }
    at = end
  }
  return said
}

function decimalOf(text: string): number {
  const size = /^\d{1,16}$/.test(text) ? Number(text) : NaN
  if (!Number.isSafeInteger(size)) throw new UnreadableRecord('damaged')
  return size
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK
}
