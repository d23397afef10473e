import { textOf1252 } from '../core/index.ts'

/** WHATWG, MIME Sniffing, 7.1: how a resource begins that is HTML, whatever its header says. */
const HTML_STARTS = [
  '<!doctype html',
  '<html',
  '<head',
  '<script',
  '<iframe',
  '<h1',
  '<div',
  '<font',
  '<table',
  '<a',
  '<style',
  '<title',
  '<b',
  '<body',
  '<br',
  '<p',
  '<!--',
]
const SNIFFED_BYTES = 1445

/** True for what a browser would show as an HTML page; XHTML, which has a prolog, included. */
export function isHtmlPage(bytes: Uint8Array): boolean {
  const head = textOf(bytes.subarray(0, SNIFFED_BYTES)).trimStart().toLowerCase()
  if (head.startsWith('<?xml')) return /<html[\s>]/.test(head)
  return HTML_STARTS.some((start) => {
    if (!head.startsWith(start)) return false
    return start === '<!--' || /^[\s>]/.test(head.slice(start.length))
  })
}

/**
 * The text as a browser reads it: by its byte order mark, by the encoding it was said to have, else as UTF-8 and, where
 * it is none, as windows-1252. An end in the middle of a character is forgiven.
 */
export function textOf(bytes: Uint8Array, saidEncoding?: string): string {
  const encoding = markedEncoding(bytes) ?? saidEncoding
  if (encoding === 'windows-1252') return textOf1252(bytes)
  if (encoding !== undefined) return new TextDecoder(encoding).decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
  } catch {
    return textOf1252(bytes)
  }
}

/** The encoding that a page says it has (WHATWG Encoding); undefined where nobody knows it. */
export function knownEncoding(label: string): string | undefined {
  try {
    const { encoding } = new TextDecoder(label)
    // It could be read as ASCII so far: HTML takes such a claim for UTF-8.
    return encoding.startsWith('utf-16') ? 'utf-8' : encoding
  } catch {
    return undefined
  }
}

function markedEncoding([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  return undefined
}
