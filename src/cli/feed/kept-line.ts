import { mayHoldDigest } from '../../core/index.ts'
import type { Sighting } from '../../intake/index.ts'

/** People type no longer URLs; a longer one may hold a picture. */
const URL_CHARS_MAX = 2_048
const TEXT_CHARS_MAX = 256

const HTTP = /^\s*https?:/i
/** Pictures as pages have them in their source. */
const DATA_URL = /data:|;base64,/i
/** 90 bytes in base64, also where a URL has its signs and line breaks in percent. */
const BASE64 = /(?:[\w+/\s-]|%(?:0[ad]|2[0bf])){120}/i

/** Whether what stood in a field of a refused line may be written down. Media and hashes never are. */
const KEPT: Readonly<Record<keyof Sighting, ((text: string) => boolean) | undefined>> = {
  version: isPlain,
  url: isPlainUrl,
  pageUrl: isPlainUrl,
  referrer: isPlainUrl,
  fetchedAt: isPlain,
  httpStatus: isPlain,
  contentType: isPlain,
  vantage: isPlain,
  resolvedIp: isPlain,
  reference: isPlain,
  idempotencyKey: isPlain,
  hashes: undefined,
  media: undefined,
}

function isPlain(text: string): boolean {
  return text.length <= TEXT_CHARS_MAX && !DATA_URL.test(text) && !mayHoldDigest(text)
}

/** A text that is no URL at all stands there by mistake, and is treated as any other. */
function isPlainUrl(text: string): boolean {
  if (!HTTP.test(text)) return isPlain(text)
  return text.length <= URL_CHARS_MAX && !DATA_URL.test(text) && !BASE64.test(text)
}

/**
 * The fields of a line by which people find what it tells of, as JSON. Undefined where it has none: media might stand
 * anywhere in what is no JSON, in a field that a sighting does not have, or in a URL.
 */
export function keptLine(text: string): string | undefined {
  let line: unknown
  try {
    line = JSON.parse(text)
  } catch {
    return undefined
  }
  const fields = Object.entries(line ?? {}).filter(
    ([name, value]: [string, unknown]) =>
      (typeof value === 'string' || typeof value === 'number') &&
      keptBy(name)?.(String(value)) === true,
  )
  return fields.length === 0 ? undefined : JSON.stringify(Object.fromEntries(fields))
}

function keptBy(name: string): ((text: string) => boolean) | undefined {
  return Object.hasOwn(KEPT, name) ? KEPT[name as keyof Sighting] : undefined
}
