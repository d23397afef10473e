import { type TextEncoding, utf8Of } from '../core/index.ts'
import { type FormatName, FORMATS } from './formats/index.ts'
import type { Delta } from './delta.ts'

/**
 * The lines of a list as it is exchanged, one by one, whatever its size. What is wrong with a line is a
 * refusal; throws INVALID_INPUT where the file as a whole is not of the format, or not in the encoding
 * that its byte order mark or the caller names, else UTF-8.
 */
export function readList(
  format: FormatName,
  bytes: AsyncIterable<Uint8Array>,
  encoding?: TextEncoding,
): AsyncIterable<Delta> {
  return FORMATS[format].read(utf8Of(bytes, encoding))
}
