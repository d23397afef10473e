import { constants, isAscii } from 'node:buffer'
import { checkJsonShape, defined, type JsonNesting } from '../core/index.ts'
import { type ErrorPlace, HindraError } from '../errors.ts'
import { sightingSchema } from './sighting-schema.ts'
import type { Sighting } from './sighting-fields.ts'
import { validate } from './validation.ts'

/** A film has hundreds of hashes; nothing in a sighting is nested deeper than one of them. */
export const SIGHTING_SHAPE: JsonNesting = { depthMax: 8, partsMax: 20_000 }

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * One line of a sighting feed: a JSON object with `url` and, besides, any of the fields of
 * `Sighting`; media in base64. Unknown fields are refused, so that a typing error is never a
 * silent loss. Throws INVALID_INPUT, URL_INVALID, HASH_INVALID or TOO_LARGE with line and field.
 *
 * @param line 1-based, for the error alone; absent where the sighting came alone
 */
export function parseSightingLine(text: string | Uint8Array, line?: number): Sighting {
  return validate(
    sightingSchema,
    parseJson(typeof text === 'string' ? text : decode(text, line), line),
    line,
  )
}

/**
 * A sighting whose media came beside its line. Throws INVALID_INPUT where the line brings some, too.
 *
 * @param field How its sender calls the media of the line
 */
export function withMedia(sighting: Sighting, media: Uint8Array, field = 'media'): Sighting {
  if (sighting.media === undefined) return { ...sighting, media }
  throw new HindraError(
    'INVALID_INPUT',
    `${field}: the media comes beside the sighting, not in it`,
    {
      field,
    },
  )
}

function decode(bytes: Uint8Array, line: number | undefined): string {
  if (bytes.length > constants.MAX_STRING_LENGTH) {
    throw new HindraError('TOO_LARGE', 'the line is longer than any text can be', at(line))
  }
  checkJsonShape(bytes, SIGHTING_SHAPE, at(line))
  // What lines with media are, and much faster.
  if (isAscii(bytes))
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  try {
    return utf8.decode(bytes)
  } catch {
    throw new HindraError('INVALID_INPUT', 'the text is not UTF-8', at(line))
  }
}

function parseJson(text: string, line: number | undefined): unknown {
  try {
    return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text)
  } catch {
    // The parser's own message quotes the text, which may hold URLs.
    throw new HindraError('INVALID_INPUT', 'the text is not JSON', at(line))
  }
}

function at(line: number | undefined): ErrorPlace {
  return defined({ line })
}
