import { isAscii, isUtf8 } from 'node:buffer'
import { HindraError } from '../errors.ts'

/** The encodings in which files from elsewhere may be read; the last has the characters of ISO 8859-1, too. */
export const TEXT_ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const
export type TextEncoding = (typeof TEXT_ENCODINGS)[number]

/**
 * What windows-1252 has at 0x80 to 0x9f; spaces stand for what it gives no character. Written out,
 * because TextDecoder of Node 20 to 24 reads these bytes as ISO 8859-1.
 */
const SIGNS_1252 = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ'
const SIGNS_FROM = 0x80
const UNASSIGNED_1252 = new Set(
  Array.from(SIGNS_1252, (sign, at) => (sign === ' ' ? [SIGNS_FROM + at] : [])).flat(),
)
const BLOCK_BYTES = 64 * 1024
const NEWLINE = 0x0a
const BYTE_ORDER_MARK = '\ufeff'

/**
 * A text as its bytes say that it is written: by its byte order mark, else as UTF-8; or in the encoding
 * that is given. Nothing is replaced or guessed. Throws INVALID_INPUT that names the line and the byte
 * where it is not.
 */
export function textOfBytes(bytes: Uint8Array, given?: TextEncoding): string {
  return [...pieces([bytes], given)].join('')
}

/** The same of a stream, as UTF-8 without a byte order mark, chunk by chunk. */
export async function* utf8Of(
  source: AsyncIterable<Uint8Array>,
  given?: TextEncoding,
): AsyncGenerator<Uint8Array> {
  const decoder = new StrictDecoder(given)
  for await (const chunk of source) {
    const text = decoder.push(chunk)
    if (text !== '') yield Buffer.from(text)
  }
  const rest = decoder.end()
  if (rest !== '') yield Buffer.from(rest)
}

function* pieces(chunks: Iterable<Uint8Array>, given?: TextEncoding): Generator<string> {
  const decoder = new StrictDecoder(given)
  for (const chunk of chunks) yield decoder.push(chunk)
  yield decoder.end()
}

class StrictDecoder {
  readonly #given: TextEncoding | undefined
  #encoding: TextEncoding | undefined
  #decoder = new TextDecoder('utf-8')
  /** Bytes that begin a character, or a file, and do not end it. */
  #held: Uint8Array = new Uint8Array()
  #line = 1
  /** Bytes of the line that were read. */
  #column = 0

  constructor(given: TextEncoding | undefined) {
    this.#given = given
  }

  push(chunk: Uint8Array): string {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    // Three bytes tell every byte order mark.
    if (this.#encoding === undefined && bytes.length < 3) {
      this.#held = bytes
      return ''
    }
    return this.#read(bytes, false)
  }

  end(): string {
    return this.#read(this.#held, true)
  }

  #read(bytes: Uint8Array, isLast: boolean): string {
    const isFirst = this.#encoding === undefined
    this.#encoding ??= this.#begin(bytes)
    const whole = isLast ? bytes.length : bytes.length - openEnd(bytes, this.#encoding)
    this.#held = bytes.slice(whole)
    const read = bytes.subarray(0, whole)
    const wrong = firstWrong(read, this.#encoding)
    if (wrong !== undefined) throw this.#refusal(read, wrong)
    const text = this.#encoding === 'windows-1252' ? textOf1252(read) : this.#decoder.decode(read)
    this.#count(read)
    return isFirst && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
  }

  #begin(bytes: Uint8Array): TextEncoding {
    const encoding = this.#given ?? markedEncoding(bytes) ?? 'utf-8'
    if (encoding !== 'windows-1252') this.#decoder = new TextDecoder(encoding, { ignoreBOM: true })
    return encoding
  }

  #count(read: Uint8Array): void {
    for (let at = 0; ; ) {
      const newline = read.indexOf(NEWLINE, at)
      if (newline === -1) {
        this.#column += read.length - at
        return
      }
      this.#line += 1
      this.#column = 0
      at = newline + 1
    }
  }

  #refusal(bytes: Uint8Array, at: number): HindraError {
    this.#count(bytes.subarray(0, at))
    const [line, column] = [this.#line, this.#column + 1]
    const value = (bytes[at] ?? 0).toString(16).padStart(2, '0')
    const message = `line ${line}, byte ${column} (0x${value}) is not ${this.#encoding ?? 'utf-8'}`
    return new HindraError('INVALID_INPUT', `${message}: ${this.#hint(bytes[at])}`, { line })
  }

  #hint(byte: number | undefined): string {
    if (byte === 0) return 'it looks like UTF-16 without a byte order mark: name the encoding'
    if (this.#encoding === 'utf-8') {
      return 'nothing of it was taken; name the encoding that it has, as in windows-1252'
    }
    return 'nothing of it was taken; it has another encoding, or is damaged'
  }
}

/** Text in windows-1252, in which every byte is something: a space where it gives none. */
export function textOf1252(bytes: Uint8Array): string {
  const { buffer, byteOffset, byteLength } = bytes
  const text = Buffer.from(buffer, byteOffset, byteLength).toString('latin1')
  return text.replaceAll(
    /[\u0080-\u009f]/g,
    (sign) => SIGNS_1252[sign.charCodeAt(0) - SIGNS_FROM] ?? sign,
  )
}

function markedEncoding([first, second, third]: Uint8Array): TextEncoding | undefined {
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  return undefined
}

/** How many bytes at the end begin a character that the next chunk goes on with. */
function openEnd(bytes: Uint8Array, encoding: TextEncoding): number {
  if (encoding === 'windows-1252') return 0
  if (encoding !== 'utf-8') return openUtf16(bytes, encoding)
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return sequenceBytes(byte) > back ? back : 0
  }
  return 0
}

function openUtf16(bytes: Uint8Array, encoding: TextEncoding): number {
  const odd = bytes.length % 2
  const high = bytes[bytes.length - odd - (encoding === 'utf-16le' ? 1 : 2)] ?? 0
  return isHighSurrogate(high << 8) ? odd + 2 : odd
}

/** Where the first byte is that the encoding does not have there; undefined where all is well. */
function firstWrong(bytes: Uint8Array, encoding: TextEncoding): number | undefined {
  if (encoding === 'windows-1252') {
    return found(bytes.findIndex((byte) => byte === 0 || UNASSIGNED_1252.has(byte)))
  }
  if (encoding !== 'utf-8') return firstWrongUtf16(bytes, encoding)
  const zero = found(bytes.indexOf(0))
  const sound = zero === undefined ? bytes : bytes.subarray(0, zero)
  return isAscii(sound) || isUtf8(sound) ? zero : firstWrongUtf8(sound)
}

/** The Unicode Standard, table 3-7: well-formed byte sequences. */
function firstWrongUtf8(bytes: Uint8Array): number | undefined {
  for (let at = soundBlocks(bytes); at < bytes.length; ) {
    const length = sequenceBytes(bytes[at] ?? 0)
    if (length === 0 || !isUtf8(bytes.subarray(at, at + length))) return at
    at += length
  }
  return undefined
}

/** Bytes that are right, block by block: to go through them one by one would take too long. */
function soundBlocks(bytes: Uint8Array): number {
  for (let at = 0; ; ) {
    const block = bytes.subarray(at, at + BLOCK_BYTES)
    const whole = block.length - openEnd(block, 'utf-8')
    if (whole === 0 || !isUtf8(block.subarray(0, whole))) return at
    at += whole
  }
}

function sequenceBytes(first: number): number {
  if (first < 0x80) return 1
  if (first < 0xc2 || first > 0xf4) return 0
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
}

function firstWrongUtf16(bytes: Uint8Array, encoding: TextEncoding): number | undefined {
  const units = bytes.length >> 1
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const unit = (at: number) => view.getUint16(at * 2, encoding === 'utf-16le')
  for (let at = 0; at < units; at += 1) {
    const value = unit(at)
    if (value === 0 || isLowSurrogate(value)) return at * 2
    if (!isHighSurrogate(value)) continue
    if (at + 1 === units || !isLowSurrogate(unit(at + 1))) return at * 2
    at += 1
  }
  return bytes.length % 2 === 0 ? undefined : bytes.length - 1
}

function isHighSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800
}

function isLowSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xdc00
}

function found(position: number): number | undefined {
  return position === -1 ? undefined : position
}
