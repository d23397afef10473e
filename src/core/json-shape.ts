import { type ErrorPlace, HindraError } from '../errors.ts'

/** How deep JSON may be nested, and of how many parts it may be made: each bracket, comma and colon is one. */
export interface JsonNesting {
  readonly depthMax: number
  readonly partsMax: number
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPENING = new Set([0x5b, 0x7b])
const CLOSING = new Set([0x5d, 0x7d])

/**
 * What would take more memory or time than it is worth is refused before it is parsed: 60 MiB of `[` take 3 GB.
 * One pass, which skips over strings; what is no JSON at all is for the parser to say.
 *
 * Throws INVALID_INPUT.
 */
export function checkJsonShape(text: Uint8Array, shape: JsonNesting, place: ErrorPlace = {}): void {
  const { depthMax, partsMax } = shape
  let depth = 0
  let parts = 0
  for (let at = 0; at < text.length; at += 1) {
    const byte = text[at] ?? 0
    if (byte === QUOTE) {
      at = endOfString(text, at)
      continue
    }
    // Digits, letters and spaces are most of what is left.
    if (byte !== COMMA && byte !== COLON && byte < 0x5b) continue
    if (OPENING.has(byte)) {
      depth += 1
      if (depth > depthMax) {
        const message = `the JSON is nested deeper than ${depthMax} levels`
        throw new HindraError('INVALID_INPUT', message, place)
      }
    } else if (CLOSING.has(byte)) depth -= 1
    else if (byte !== COMMA && byte !== COLON) continue
    parts += 1
    if (parts > partsMax) {
      const message = `the JSON is made of more than ${partsMax} parts`
      throw new HindraError('INVALID_INPUT', message, place)
    }
  }
}

/** Where the closing quote is; the end of the text where there is none. */
function endOfString(text: Uint8Array, start: number): number {
  for (let end = text.indexOf(QUOTE, start + 1); end !== -1; end = text.indexOf(QUOTE, end + 1)) {
    let escapes = 0
    while (text[end - 1 - escapes] === BACKSLASH) escapes += 1
    if (escapes % 2 === 0) return end
  }
  return text.length
}
