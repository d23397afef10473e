import type { Fetched } from './fetched.ts'
import { eachElement } from './page-elements.ts'
import { isHtmlPage, knownEncoding, textOf } from './page-text.ts'

/** HTML, 13.2.3.2: what a page says of its encoding has to be within these bytes. */
const ENCODING_BYTES = 1024
const CHARSET = /charset\s*=\s*["']?([^\s;"']+)/i
const HTML_TYPE = /^\s*(text\/html|application\/xhtml\+xml)\b/i
const SNIFFED_BYTES = 1445

/** True for what has text to be read: a page by its bytes, or by the word of its host where it is text. */
export function isTextPage({
  bytes,
  contentType,
}: Pick<Fetched, 'bytes' | 'contentType'>): boolean {
  if (isHtmlPage(bytes)) return true
  if (!HTML_TYPE.test(contentType)) return false
  // No text has it, and what is no text has it soon.
  return !htmlOf(bytes.subarray(0, SNIFFED_BYTES), contentType).includes('\0')
}

/** The text of a page by its byte order mark, by what its host said, by what it says itself, or by what it is. */
export function htmlOf(bytes: Uint8Array, contentType = ''): string {
  const said = saidEncoding(contentType)
  if (said !== undefined) return textOf(bytes, said)
  const text = textOf(bytes)
  const declared = declaredEncoding(text.slice(0, ENCODING_BYTES))
  return declared === undefined ? text : textOf(bytes, declared)
}

/** What the header says; unlike a page, which could be read so far, it can say UTF-16. */
function saidEncoding(contentType: string): string | undefined {
  const [, label] = CHARSET.exec(contentType) ?? []
  try {
    return label === undefined ? undefined : new TextDecoder(label).encoding
  } catch {
    return undefined
  }
}

/** `<meta charset>`, or its older form; undefined where the page says nothing that is known. */
function declaredEncoding(html: string): string | undefined {
  let found: string | undefined
  eachElement(html, (element, { charset, content }) => {
    if (element === 'body') return 'stop'
    if (element !== 'meta') return undefined
    const label = charset ?? CHARSET.exec(content ?? '')?.[1]
    found = label === undefined ? undefined : knownEncoding(label)
    return found === undefined ? undefined : 'stop'
  })
  return found
}
