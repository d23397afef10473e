/**
 * What records are found by, as words of the form `kind:value`. They are never kept: a store holds keyed digests of them
 * alone. What is asked is made of the same functions, so that both are written alike.
 */
export type FindToken = `${FindKind}:${string}`
export type FindKind =
  | 'url'
  | 'host'
  | 'path'
  | 'reference'
  | 'ours'
  | 'ticket'
  | 'mail'
  | 'at'
  | 'provider'
  | 'country'
  | 'class'

/** Of one URL, path and query: the foremost ones. */
const PATH_WORDS_MAX = 16
const PATH_WORD_CHARS_MIN = 3
/** Labels of a host, from its end. */
const LABELS_MAX = 8
const REFERENCE_WORDS_MAX = 8
const WORD_CHARS_MAX = 256
const TICKETS_MAX = 8

/** A canonical URL as a whole, its host with each domain above it, and the words of its path and query. */
export function urlTokens(url: string | null | undefined): readonly FindToken[] {
  const parsed = url === null || url === undefined ? null : parsedUrl(url)
  if (parsed === null) return []
  return [
    `url:${parsed.href}`,
    ...hostTokens(parsed.hostname),
    ...pathTokens(`${parsed.pathname}${parsed.search}`),
  ]
}

/** The host and the domains above it, without the last label alone: what a registrar sells is among them. */
export function hostTokens(hostname: string): readonly FindToken[] {
  if (hostname.startsWith('[') || /^[\d.]+$/.test(hostname)) return [`host:${hostname}`]
  const labels = hostname.split('.')
  const starts = labels.slice(0, -1).map((_label, index) => index)
  const domains = starts.slice(1 - LABELS_MAX).map((index) => labels.slice(index).join('.'))
  return [...new Set([hostname, ...domains])].map((domain) => `host:${domain}` as const)
}

/** The host that somebody means, in the form in which URLs have it: `Räksmörgås.example.`; undefined where it is none. */
export function hostMeant(text: string): string | undefined {
  // A number alone would be an address: 2026 is 0.0.7.234.
  if (!/[.:]/.test(text)) return undefined
  const host = parsedUrl(`http://${text}/`)
  if (host?.pathname !== '/' || host.username !== '') return undefined
  return host.port === '' ? host.hostname.replace(/\.$/, '') : undefined
}

/** Segments of a path and values of a query, and the words within them. */
export function pathTokens(path: string): readonly FindToken[] {
  const segments = path.split(/[/?&=;]/).map(plainWord)
  const words = segments.flatMap((segment) => [segment, ...partsOf(segment).filter(isKept)])
  return tokensOf('path', words, PATH_WORDS_MAX)
}

/** What is asked of a path: the words of each segment, else the whole segment where some of them are too short. */
export function pathAsked(path: string): readonly FindToken[] {
  const words = path.split(/[/?&=;]/).flatMap((part) => {
    const segment = plainWord(part)
    const parts = partsOf(segment)
    return parts.length > 0 && parts.every(isKept) ? parts : [segment]
  })
  return tokensOf('path', words, PATH_WORDS_MAX)
}

function partsOf(segment: string): readonly string[] {
  return segment.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== '')
}

function isKept(part: string): boolean {
  return part.length >= PATH_WORD_CHARS_MIN
}

/** The words of a reference: of two that have one in common, both are found by it. */
export function referenceTokens(...references: readonly (string | null | undefined)[]) {
  const words = references.flatMap((text) => (text ?? '').split(/\s+/).map(plainWord))
  return tokensOf('reference', words, REFERENCE_WORDS_MAX)
}

/** An address, and its domain. */
export function mailTokens(address: string): readonly FindToken[] {
  const at = address.lastIndexOf('@')
  if (at < 0) return []
  const domain = hostMeant(address.slice(at + 1)) ?? address.slice(at + 1).toLowerCase()
  return [`mail:${plainWord(address.slice(0, at))}@${domain}`, `at:${domain}`]
}

/** The words of a name: `Example Hosting AB`. */
export function nameTokens(name: string | null | undefined): readonly FindToken[] {
  return tokensOf('provider', (name ?? '').split(/\s+/).map(plainWord), REFERENCE_WORDS_MAX)
}

/** The number that a notice has of us, as people type it. */
export function ourReference(text: string): FindToken | undefined {
  const [, one, other] = /^([0-9a-f]{6})-?([0-9a-f]{6})$/i.exec(text) ?? []
  return one === undefined || other === undefined
    ? undefined
    : `ours:${(one + other).toLowerCase()}`
}

/** The token of a notice by the random end of its id. */
export function ourToken(noticeId: string): FindToken {
  return `ours:${noticeId.slice(-12).toLowerCase()}`
}

/** A ticket number, whatever it is set in: `[#ABC-1234]`. */
export function ticketToken(text: string): FindToken {
  return `ticket:${plainWord(text)}`
}

/** What somebody gave a matter, behind what says that it is a number: `Your ticket number is [#ABC-2024/77]`. */
const NUMBERED =
  /(?:ticket|case|ref|incident|request|report|ärende|diarie|dnr)\p{L}{0,12}[^\n]{0,24}?(?<![\p{L}\p{N}._/-])((?=[\p{L}._/-]{0,20}\p{N})[\p{L}\p{N}][\p{L}\p{N}._/-]{2,39})/giu
const WORD_OF_SUBJECT = /[\p{L}\p{N}][\p{L}\p{N}._/-]{3,39}/gu

/** Numbers by which somebody else may call a matter: of a subject all words with a digit, of a text what is said to be one. */
export function ticketsIn(subject: string, text: string): readonly string[] {
  const said = [...text.matchAll(NUMBERED)].map(([, number = '']) => number)
  const words = [...subject.matchAll(WORD_OF_SUBJECT)].map(([word]) => word)
  const numbers = [...words, ...said].filter((word) => /\p{N}/u.test(word)).map(plainWord)
  return [...new Set(numbers)].slice(0, TICKETS_MAX)
}

/** As others may have written it, too: percent-decoded, in lower case, without what it is set in. */
export function plainWord(text: string): string {
  const plain = Array.from(decoded(text.slice(0, WORD_CHARS_MAX)).normalize('NFKC').toLowerCase())
  const first = plain.findIndex((char) => !SET_IN.test(char))
  const last = plain.findLastIndex((char) => !SET_IN.test(char))
  return first < 0 ? '' : plain.slice(first, last + 1).join('')
}

/** What a word stands between in a text. */
const SET_IN = /^[\s#[\]()"'.,:;!?]$/u

function tokensOf(kind: FindKind, words: readonly string[], most: number): readonly FindToken[] {
  const distinct = [...new Set(words)].filter((word) => word !== '').slice(0, most)
  return distinct.map((word) => `${kind}:${word}` as const)
}

function decoded(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function parsedUrl(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}
