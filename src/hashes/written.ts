import { type ClientHashType, kindOf } from './hashes.ts'

const OPAQUE_CHARS_MAX = 100_000

/** How a hash is written: what its text must match, and that in words. */
export interface Written {
  readonly charsMin: number
  readonly charsMax: number
  /** Absent where any text will do. */
  readonly pattern?: string
  readonly words: string
}

/** How hashes of the kind are written. */
export function writtenAs(type: ClientHashType): Written {
  const kind = kindOf(type)
  if (kind.form === 'opaque') {
    const words = `${type} has 1 to ${OPAQUE_CHARS_MAX} characters`
    return { charsMin: 1, charsMax: OPAQUE_CHARS_MAX, words }
  }
  const digits = 2 * kind.bytes
  return {
    charsMin: digits,
    charsMax: digits,
    pattern: `^[0-9a-fA-F]{${digits}}$`,
    words: `${type} is written as ${digits} hex digits`,
  }
}

/** The hash as it is kept: hex in lower case, an opaque one as its list has it; undefined where it is none. */
export function hashOfText(type: ClientHashType, text: string): string | undefined {
  const { charsMin, charsMax, pattern } = writtenAs(type)
  if (text.length < charsMin || text.length > charsMax) return undefined
  if (pattern === undefined) return text
  return /^[0-9a-fA-F]+$/.test(text) ? text.toLowerCase() : undefined
}
