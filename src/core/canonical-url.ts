import { HindraError } from '../errors.ts'

export const URL_BYTES_MAX = 8192

/** A rule that collapses the rotating tokens of one host's URLs (signed CDN links). */
export interface UrlRule {
  /** Host, or a domain whose subdomains are meant too. */
  readonly host: string
  /** Query parameters that change while the media stays. */
  readonly dropQuery: readonly string[]
}

/** True when `host` is `domain` or below it. */
export function isWithinDomain(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`)
}

/**
 * One name for one media URL: WHATWG parse, IDNA, lower-case host, no default port, no fragment,
 * dot segments resolved, query order kept. Credentials are part of no identity and are refused.
 * Throws URL_INVALID.
 */
export function canonicalUrl(raw: string, rules: readonly UrlRule[] = []): string {
  if (Buffer.byteLength(raw) > URL_BYTES_MAX) {
    throw new HindraError('URL_INVALID', `the URL is over ${URL_BYTES_MAX} bytes`, { field: 'url' })
  }
  let url: URL
  try {
    url = new URL(raw)
  } catch (cause) {
    throw new HindraError('URL_INVALID', 'the URL cannot be parsed', { field: 'url', cause })
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new HindraError('URL_INVALID', 'only http and https URLs are taken', { field: 'url' })
  }
  if (url.username !== '' || url.password !== '') {
    throw new HindraError('URL_INVALID', 'the URL holds credentials', { field: 'url' })
  }
  // To set it is to parse it all again.
  if (raw.includes('#')) url.hash = ''
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1)
  for (const rule of rules) {
    if (!isWithinDomain(url.hostname, rule.host)) continue
    for (const name of rule.dropQuery) url.searchParams.delete(name)
  }
  return url.href
}

/** A text in which no URL can be clicked by accident. */
export function defangedText(text: string): string {
  return text.replace(/https?:\/\/\S+/gi, defang)
}

/** `hxxps://host[.]tld/path`: cannot be clicked by accident. */
export function defang(url: string): string {
  const match = /^http(s?):\/\/([^/?#]*)((?:[/?#].*)?)$/s.exec(url)
  if (match === null) return url.replaceAll('.', '[.]')
  return `hxxp${match[1] ?? ''}://${(match[2] ?? '').replaceAll('.', '[.]')}${match[3] ?? ''}`
}

const DEFANGED_SCHEME = /^h(?:xx|\*\*)p(s?)(?:\[:\]|:)\/\//i
const DEFANGED_DOT = /\[\.\]|\(\.\)|\[dot\]|\(dot\)/gi

/**
 * What `defang` made of a URL, as it was; also `hxxp`, and `(.)`, `[dot]` or `(dot)` between the labels of a host, as
 * others write it. What is no such text stays as it is: only scheme and host are ever changed, for in a path brackets
 * may be meant.
 */
export function refanged(text: string): string {
  const plain = text.replace(DEFANGED_SCHEME, (_found, s: string) => `http${s.toLowerCase()}://`)
  const [scheme = ''] = /^[a-z][a-z0-9+.-]*:\/\//i.exec(plain) ?? []
  const rest = plain.slice(scheme.length)
  const end = rest.search(/[/?#]/)
  const host = end < 0 ? rest : rest.slice(0, end)
  return `${scheme}${host.replaceAll(DEFANGED_DOT, '.')}${rest.slice(host.length)}`
}
