import { HindraError } from '../errors.ts'
import type { Key, KeyPart } from './port.ts'

/**
 * An encoded key: one character a byte (latin1), so that the order of JavaScript strings is the
 * order of bytes, which is the order of keys.
 */
export type KeyBytes = string

// A type code opens each part (bytes < strings < numbers), as in FoundationDB's tuple layer.
const BYTES = '\x01'
const TEXT = '\x02'
const NUMBER = '\x21'
/** Ends bytes and text; a zero inside is followed by 0xff, which no type code equals. */
const END = '\0'
const NUMBER_BYTES = 8

/**
 * Encodes so that encoded keys sort as their tuples do. Throws INVALID_INPUT for numbers that are
 * not finite and for text with lone surrogates, which UTF-8 cannot hold.
 */
export function encodeKey(key: Key): KeyBytes {
  let encoded = ''
  for (const part of key) encoded += encodePart(part)
  return encoded
}

/** Bounds of the keys that start with this one and are longer: low <= key < high. */
export function boundsBelow(prefix: KeyBytes): { low: KeyBytes; high: KeyBytes } {
  return { low: `${prefix}\x01`, high: `${prefix}\xff` }
}

/** The least key that sorts after this one. */
export function successor(encoded: KeyBytes): KeyBytes {
  return `${encoded}\0`
}

export function decodeKey(encoded: KeyBytes): Key {
  const key: KeyPart[] = []
  let position = 0
  while (position < encoded.length) {
    const type = encoded.charAt(position)
    position += 1
    const end = type === NUMBER ? position + NUMBER_BYTES : endOfPart(encoded, position)
    if (end < 0 || end > encoded.length) throw unreadable()
    key.push(decodePart(type, encoded.slice(position, end)))
    position = type === NUMBER ? end : end + END.length
  }
  return key
}

function encodePart(part: KeyPart): string {
  if (typeof part === 'number') return NUMBER + encodeNumber(part)
  if (typeof part === 'string') return TEXT + escapeZeros(encodeText(part)) + END
  return BYTES + escapeZeros(Buffer.from(part).toString('latin1')) + END
}

function decodePart(type: string, body: string): KeyPart {
  if (type === NUMBER) return decodeNumber(body)
  const bytes = Buffer.from(body.replaceAll('\0\xff', '\0'), 'latin1')
  if (type === TEXT) return bytes.toString('utf8')
  if (type === BYTES) return new Uint8Array(bytes)
  throw unreadable()
}

/** Most keys are ids and digests: as they are in every encoding. */
const ASCII = /^[\0-\x7f]*$/

function encodeText(text: string): string {
  if (ASCII.test(text)) return text
  if (/\p{Surrogate}/u.test(text)) {
    throw new HindraError('INVALID_INPUT', 'a key holds text that is not well-formed Unicode')
  }
  return Buffer.from(text, 'utf8').toString('latin1')
}

function escapeZeros(body: string): string {
  return body.includes('\0') ? body.replaceAll('\0', '\0\xff') : body
}

function endOfPart(encoded: KeyBytes, from: number): number {
  let end = encoded.indexOf(END, from)
  while (end >= 0 && encoded.charAt(end + 1) === '\xff') end = encoded.indexOf(END, end + 2)
  return end
}

/** Big-endian IEEE 754: the sign flipped, and all other bits too when negative, sorts by value. */
function encodeNumber(value: number): string {
  if (!Number.isFinite(value)) {
    throw new HindraError('INVALID_INPUT', 'a key holds a number that is not finite')
  }
  const bytes = Buffer.alloc(NUMBER_BYTES)
  // Adding 0 turns -0 into 0: equal numbers must be one key.
  bytes.writeDoubleBE(value + 0)
  return flip(bytes, value < 0).toString('latin1')
}

function decodeNumber(body: string): number {
  const bytes = Buffer.from(body, 'latin1')
  return flip(bytes, bytes.readUInt8(0) < 0x80).readDoubleBE()
}

function flip(bytes: Buffer, negative: boolean): Buffer {
  return negative
    ? Buffer.from(bytes.map((byte) => byte ^ 0xff))
    : Buffer.concat([Buffer.of(bytes.readUInt8(0) ^ 0x80), bytes.subarray(1)])
}

function unreadable(): HindraError {
  return new HindraError('STORE_CORRUPT', 'a key of the store cannot be read')
}
