import { textOf } from '../intake/index.ts'

/** How much of a page is read: what bars the way says so at its beginning. */
const READ_BYTES = 128 * 1024

const UNSEEN = new Set(['script', 'style', 'noscript', 'template'])
const SUMMARY = /(og|twitter):(title|description)|name\s{0,9}=\s{0,9}["']?description/
const CONTENT = /content\s{0,9}=\s{0,9}("([^"]*)"|'([^']*)')/
const HEADINGS = new Set(['title', 'h1', 'h2', 'h3'])

/** What a page says, in lower case, and what it is made of. */
export interface PageWords {
  readonly html: string
  /** The words of the title and of the headings of the first three levels. */
  readonly headings: string
  /** What it says of itself to whoever links to it: `og:title`, `description` and the like. */
  readonly summary: string
  readonly text: string
}

/** One pass, without a stack: what nests, ends or lacks an end as it likes cannot make it slow. */
export function wordsOf(bytes: Uint8Array): PageWords {
  const html = textOf(bytes.subarray(0, READ_BYTES)).toLowerCase()
  const text: string[] = []
  const headings: string[] = []
  const summary: string[] = []
  let unseen: string | undefined
  let heading: string | undefined
  for (const [position, piece] of html.split('<').entries()) {
    const [, slash, name = ''] = position === 0 ? [] : (/^(\/?)([a-z][a-z0-9]*)/.exec(piece) ?? [])
    const isEnd = slash === '/'
    if (unseen !== undefined) {
      if (isEnd && name === unseen) unseen = undefined
      else continue
    } else if (!isEnd && UNSEEN.has(name)) {
      unseen = name
      continue
    }
    if (name === 'meta') summary.push(summaryOf(piece))
    if (HEADINGS.has(name)) heading = isEnd ? undefined : name
    const words = position === 0 ? piece : piece.slice(piece.indexOf('>') + 1)
    text.push(words)
    if (heading !== undefined) headings.push(words)
  }
  return { html, headings: plain(headings), summary: plain(summary), text: plain(text) }
}

function summaryOf(meta: string): string {
  if (!SUMMARY.test(meta)) return ''
  const [, , double, single] = CONTENT.exec(meta) ?? []
  return double ?? single ?? ''
}

function plain(parts: readonly string[]): string {
  return parts
    .join(' ')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"')
    .replace(/&(#39|apos|rsquo);/g, '’')
    .replace(/\s+/g, ' ')
    .trim()
}
