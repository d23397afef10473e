import type { Sighting } from '../../intake/index.ts'

const URL_TEXT = /^\s*https?:|^(?!\s*data:).{0,256}$/is
const SHORT = /^.{0,256}$/s

/** What each field of a refused line looks like where it is written down. Media and hashes never are. */
const KEPT: Readonly<Record<keyof Sighting, RegExp | undefined>> = {
  version: SHORT,
  url: URL_TEXT,
  pageUrl: URL_TEXT,
  referrer: URL_TEXT,
  fetchedAt: SHORT,
  httpStatus: SHORT,
  contentType: SHORT,
  vantage: SHORT,
  resolvedIp: SHORT,
  reference: SHORT,
  idempotencyKey: SHORT,
  hashes: undefined,
  media: undefined,
}

/**
 * The fields of a line by which people find what it tells of, as JSON. Undefined where it has none: media might stand
 * anywhere in what is no JSON, in a field that a sighting does not have, or in a `data:` URL.
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
      looksOf(name)?.test(String(value)),
  )
  return fields.length === 0 ? undefined : JSON.stringify(Object.fromEntries(fields))
}

function looksOf(name: string): RegExp | undefined {
  return Object.hasOwn(KEPT, name) ? KEPT[name as keyof Sighting] : undefined
}
