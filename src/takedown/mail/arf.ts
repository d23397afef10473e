import type { NoticePart } from '../notice-part.ts'

/** RFC 5322, 2.1.1, less the name of the longest field. Longer URLs are in the other parts only. */
const VALUE_MAX = 900

/**
 * The machine-readable part of RFC 5965 (`message/feedback-report`), 7bit. `xarf` says that XARF
 * reports follow; without them the type is `other`, as for all that RFC 5965 has no name for.
 */
export function feedbackReport(
  part: NoticePart,
  options: { readonly userAgent: string; readonly hasXarf: boolean },
): string {
  const urls = part.notices.map(({ url }) => url)
  const hosts = new Set(urls.map((url) => new URL(url).hostname))
  const addresses = new Set(part.notices.flatMap((line) => line.addresses))
  const [onlyAddress] = addresses
  const fields: readonly (readonly [string, string])[] = [
    ['Feedback-Type', options.hasXarf ? 'xarf' : 'other'],
    ['User-Agent', options.userAgent],
    ['Version', '1'],
    ['Incidents', String(urls.length)],
    // At most once in a report: named where it is the same for all.
    ...(addresses.size === 1 ? [['Source-IP', onlyAddress ?? ''] as const] : []),
    ...[...hosts].map((host) => ['Reported-Domain', host] as const),
    ...urls.map((url) => ['Reported-URI', url] as const),
  ]
  return fields
    .filter(([, value]) => value.length <= VALUE_MAX)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
}
