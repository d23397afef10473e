import { constants } from 'node:buffer'
import { z } from 'zod'
import { HindraError } from '../errors.ts'
import { base64Bytes } from './base64.ts'
import type { ClientHashType, Sighting } from './types.ts'
import { referenceText, refuse, timeText, urlText, validate } from './validation.ts'

const HASHES_MAX = 64

const HEX_DIGITS: Readonly<Record<ClientHashType, number>> = {
  pdq: 64,
  sha256: 64,
  sha1: 40,
  md5: 32,
}

const clientHash = z
  .strictObject({
    type: z.enum(['pdq', 'md5', 'sha1', 'sha256']),
    value: z.string(),
    quality: z.int().min(0).max(100).exactOptional(),
  })
  .transform((hash, context) => {
    const digits = HEX_DIGITS[hash.type]
    if (hash.value.length === digits && /^[0-9a-fA-F]+$/.test(hash.value)) {
      return { ...hash, value: hash.value.toLowerCase() }
    }
    const message = `${hash.type} is written as ${digits} hex digits`
    return refuse(context, 'HASH_INVALID', message, 'value')
  })

const media = z.string().transform((text, context) => {
  return base64Bytes(text) ?? refuse(context, 'INVALID_INPUT', 'not base64 (RFC 4648, padded)')
})

const sighting: z.ZodType<Sighting> = z.strictObject({
  url: urlText,
  pageUrl: urlText.exactOptional(),
  referrer: urlText.exactOptional(),
  fetchedAt: timeText.exactOptional(),
  httpStatus: z.int().min(100).max(599).exactOptional(),
  contentType: z.string().max(255).exactOptional(),
  vantage: z.string().max(64).exactOptional(),
  reference: referenceText.exactOptional(),
  hashes: z.array(clientHash).max(HASHES_MAX).exactOptional(),
  media: media.exactOptional(),
})

/**
 * One line of a sighting feed: a JSON object with `url` and, besides, any of the fields of
 * `Sighting`; media in base64. Unknown fields are refused, so that a typing error is never a
 * silent loss. Throws INVALID_INPUT, URL_INVALID, HASH_INVALID or TOO_LARGE with line and field.
 *
 * @param line 1-based, for the error alone
 */
export function parseSightingLine(text: string | Uint8Array, line: number): Sighting {
  return validate(
    sighting,
    parseJson(typeof text === 'string' ? text : decode(text, line), line),
    line,
  )
}

function decode(bytes: Uint8Array, line: number): string {
  if (bytes.length > constants.MAX_STRING_LENGTH) {
    throw new HindraError('TOO_LARGE', 'the line is longer than any text can be', { line })
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new HindraError('INVALID_INPUT', 'the line is not UTF-8', { line })
  }
}

function parseJson(text: string, line: number): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    // The parser's own message quotes the text, which may hold URLs.
    throw new HindraError('INVALID_INPUT', 'the line is not JSON', { line })
  }
}
