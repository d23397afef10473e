import type { KeyBytes } from './tuple.ts'

/** What shares the one key space of the database, told apart by the first byte. */
const DATA = 'd'
const CHANGES = 'c'
const VERSIONS = 'v'

/** Where the store keeps its own state. */
export const STATE_KEY = Buffer.from('s')

export function dataKey(encoded: KeyBytes): Buffer {
  return Buffer.from(DATA + encoded, 'latin1')
}

/** Whether this is what `dataKey` made, and none of the store's own. */
export function isDataKey(raw: Buffer): boolean {
  return raw.toString('latin1', 0, DATA.length) === DATA
}

/** All that `dataKey` made. */
export function dataRange() {
  return { gte: Buffer.from(DATA), lt: Buffer.from(String.fromCharCode(DATA.charCodeAt(0) + 1)) }
}

/** All that a store is made of. */
export function wholeRange() {
  return { gte: Buffer.of(), lt: Buffer.of(0xff) }
}

export function encodedOf(dataKey: Buffer): KeyBytes {
  return dataKey.toString('latin1', DATA.length)
}

export function changeKey(versionstamp: string): Buffer {
  return Buffer.from(CHANGES + versionstamp, 'latin1')
}

export function versionstampOf(changeKey: Buffer): string {
  return changeKey.toString('latin1', CHANGES.length)
}

/** The same bytes, not a copy of them. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Where an entry of the log of versions lies. */
export function versionsKey(number: number): Buffer {
  return Buffer.from(VERSIONS + number.toString(16).padStart(16, '0'), 'latin1')
}

/** The entries from a number on. */
export function versionsRange(first = 0) {
  return { gte: versionsKey(first), lt: versionsKey(Number.MAX_SAFE_INTEGER) }
}
