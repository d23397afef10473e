import { canonicalUrl, hostMeant, refanged } from '../core/index.ts'
import type { SisterHotline } from './hotlines.ts'

/** What a text tells of. */
export interface ToldUrls {
  /** As they are written, but no longer defanged; each once, in the order of the text. */
  readonly urls: readonly string[]
  /** Whether something begins as a URL does and is none. */
  readonly hasUnread: boolean
}

const START = /h(?:tt|xx)ps?(?:\[:\]|:)(?:\/\/|\[\/\/\])/gi
const END = /[\s<>"'`|\\]/
const URL_CHARS_MAX = 4_096

/**
 * Reads the URLs of a text, also those that are defanged: `hxxps://host[.]example/path`. It takes time in proportion
 * to the text, whatever stands in it.
 *
 * @param labels What the lines begin with that hold one; where there are none, every line can
 * @param isIgnored Of a host: its URLs are not what is told of
 */
export function toldUrls(
  text: string,
  { urls: labels }: Pick<SisterHotline, 'urls'>,
  isIgnored: (host: string) => boolean,
): ToldUrls {
  const urls = new Map<string, string>()
  let hasUnread = false
  for (const line of text.split('\n')) {
    if (labels.length > 0 && labelled(line, labels) === undefined) continue
    for (const written of writtenIn(line)) {
      const url = refanged(written)
      const canonical = canonicalOf(url)
      if (canonical === undefined) hasUnread = true
      else if (!isIgnored(new URL(canonical).hostname) && !urls.has(canonical)) {
        urls.set(canonical, url)
      }
    }
  }
  return { urls: [...urls.values()], hasUnread }
}

/** What a line says behind one of the labels: `URL: ...`. Undefined where it begins with none. */
export function labelled(line: string, labels: readonly string[]): string | undefined {
  const colon = line.indexOf(':')
  if (colon < 0 || !labels.includes(line.slice(0, colon).trim().toLowerCase())) return undefined
  return line.slice(colon + 1).trim()
}

/** Whether a host is one of the domains, or below one. */
export function isBelow(host: string, domains: readonly string[]): boolean {
  return domains.some((domain) => {
    const name = hostMeant(domain) ?? domain
    return host === name || host.endsWith(`.${name}`)
  })
}

/** A URL within another one belongs to it. */
function writtenIn(line: string): readonly string[] {
  const found: string[] = []
  const start = new RegExp(START)
  for (let at = start.exec(line); at !== null; at = start.exec(line)) {
    const rest = line.slice(at.index, at.index + URL_CHARS_MAX)
    const end = rest.search(END)
    const written = end < 0 ? rest : rest.slice(0, end)
    found.push(withoutTrailing(written))
    start.lastIndex = at.index + written.length
  }
  return found
}

/** Without what closes a sentence, or a bracket around it; one that it opens itself it may close. */
function withoutTrailing(url: string): string {
  const closing = url.includes('(') ? /[.,;:!?\]}*]/ : /[.,;:!?)\]}*]/
  let end = url.length
  while (end > 0 && closing.test(url.charAt(end - 1))) end -= 1
  return url.slice(0, end)
}

function canonicalOf(url: string): string | undefined {
  try {
    return canonicalUrl(url)
  } catch {
    return undefined
  }
}
