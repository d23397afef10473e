import { readFileSync } from 'node:fs'
import { TEXT_ENCODINGS, type TextEncoding, textOfBytes } from '../core/index.ts'
import { HindraError } from '../errors.ts'

/** What `--encoding` may say, for --help. */
export const ENCODING_HELP = `of the file: ${TEXT_ENCODINGS.join(', ')}; by default by its byte order mark, else UTF-8`

/** Throws INVALID_INPUT. */
export function checkedEncoding(text: string | undefined): TextEncoding | undefined {
  if (text === undefined) return undefined
  const asked = text.toLowerCase()
  // What is called by the older name is read by everybody as the newer one (WHATWG Encoding, 4.2).
  const name = ['latin1', 'latin-1', 'iso-8859-1'].includes(asked) ? 'windows-1252' : asked
  const found = TEXT_ENCODINGS.find((encoding) => encoding === name)
  if (found !== undefined) return found
  throw new HindraError('INVALID_INPUT', `--encoding: one of ${TEXT_ENCODINGS.join(', ')}`)
}

/** What was said on the command line, else what a file says; undefined where neither is. Throws as `readTextFile`. */
export function textSaid(text: string | undefined, file: string | undefined): string | undefined {
  return text ?? (file === undefined ? undefined : readTextFile(file, undefined))
}

/** Throws INVALID_INPUT where it cannot be read, or is not in its encoding: with line and byte. */
export function readTextFile(file: string, encoding: TextEncoding | undefined): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (cause) {
    throw new HindraError('INVALID_INPUT', `${file} cannot be read`, { cause })
  }
  return textOfBytes(bytes, encoding)
}
