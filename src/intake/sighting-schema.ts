import { isIPv4, isIPv6 } from 'node:net'
import { z } from 'zod'
import type { ErrorCode } from '../errors.ts'
import { base64Bytes } from './base64.ts'
import { CLIENT_HASH_TYPES, type ClientHashType, hashOfText, writtenAs } from '../hashes/index.ts'
import type { ClientHash, Sighting } from './sighting-fields.ts'
import { referenceText, refuse, timeText, urlText } from './validation.ts'

/** The version of the line format. A change that an older crawler's lines do not survive gets the next number. */
export const SIGHTING_SCHEMA_VERSION = 1

export const HASHES_MAX = 256
/** The longest film that is looked at has less (`decode.filmSecondsMax` at its bound). */
const FRAME_SECONDS_MAX = 86_400

function valueOf(type: ClientHashType) {
  const { charsMin, charsMax, pattern, words } = writtenAs(type)
  const text = z.string().refine((value) => hashOfText(type, value) !== undefined, {
    error: words,
    params: { code: 'HASH_INVALID' satisfies ErrorCode },
  })
  if (pattern !== undefined) return text.toLowerCase().meta({ pattern })
  return text
    .meta({ minLength: charsMin, maxLength: charsMax })
    .describe('As its exchange writes it: it is compared for equality alone')
}

function hashOf<Type extends ClientHashType>(type: Type) {
  return z.strictObject({
    type: z.literal(type),
    value: valueOf(type),
    quality: z.int().min(0).max(100).exactOptional().describe('PDQ quality, 0 to 100'),
    hasher: z.string().trim().min(1).max(64).exactOptional().describe('What computed it'),
    frameSeconds: z
      .number()
      .min(0)
      .max(FRAME_SECONDS_MAX)
      .exactOptional()
      .describe('Of a frame of a film: its time. Such a hash needs its quality'),
  })
}

const clientHash: z.ZodType<ClientHash> = z
  .discriminatedUnion('type', [
    hashOf(CLIENT_HASH_TYPES[0]),
    ...CLIENT_HASH_TYPES.slice(1).map(hashOf),
  ])
  .superRefine(({ frameSeconds, quality }, context) => {
    // Dark frames are in most films and hit each other: without its quality a frame says nothing.
    if (frameSeconds === undefined || quality !== undefined) return
    refuse(context, 'INVALID_INPUT', 'the hash of a frame needs its quality', 'quality')
  })

/** Hashes that a client computed, of one picture or film. */
export const hashesSchema = z.array(clientHash).min(1).max(HASHES_MAX)

const media = z
  .string()
  .transform((text, context) => {
    return base64Bytes(text) ?? refuse(context, 'INVALID_INPUT', 'not base64 (RFC 4648, padded)')
  })
  .meta({ contentEncoding: 'base64' })

/**
 * One line of a sighting feed, and the source of its published JSON Schema (`z.toJSONSchema` with
 * `io: 'input'`). Strict: unknown fields are refused, so that a typing error is never a silent loss.
 */
export const sightingSchema: z.ZodType<Sighting> = z.strictObject({
  version: z
    .literal(SIGHTING_SCHEMA_VERSION)
    .exactOptional()
    .describe('Version of this schema, where the line states it'),
  url: urlText.describe('The media URL, or that of a page that shows it'),
  pageUrl: urlText.exactOptional().describe('The page that shows the media'),
  referrer: urlText.exactOptional().describe('Sent along when the URL was fetched'),
  fetchedAt: timeText.exactOptional().describe('When the submitter saw it, ISO 8601 with a zone'),
  httpStatus: z.int().min(100).max(599).exactOptional(),
  contentType: z.string().max(255).exactOptional(),
  vantage: z.string().max(64).exactOptional().describe('From where: a name of fetch.vantages'),
  // A union would compose its error for each line that has no such field.
  resolvedIp: z
    .string()
    .refine((text) => isIPv4(text) || (isIPv6(text) && !text.includes('%')), {
      error: 'is no IPv4 or IPv6 address',
    })
    .meta({ anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] })
    .exactOptional()
    .describe('The address behind the name, as the submitter found it'),
  reference: referenceText.exactOptional().describe("The submitter's own reference"),
  idempotencyKey: z
    .string()
    .regex(/^[\x21-\x7e]{1,128}$/, 'is 1 to 128 printable ASCII characters without spaces')
    .exactOptional()
    .describe('Names the observation; by default URL, hashes and fetchedAt do'),
  hashes: hashesSchema.exactOptional(),
  media: media.exactOptional().describe('The media itself, instead of being fetched'),
})
