import { withoutTrailing } from '../core/index.ts'

/** One candidate of a `srcset`, and how much it promises (pixels a side or a factor). */
export interface SrcsetCandidate {
  readonly url: string
  readonly size: number
}

/** HTML's ASCII whitespace. */
const SPACE = ' \t\n\f\r'

/**
 * Parses a `srcset` as browsers do: commas may be part of a URL, and do not part candidates within
 * parentheses. In order. Source: HTML, 4.8.4.3.10 "Parsing a srcset attribute".
 */
export function parseSrcset(text: string): readonly SrcsetCandidate[] {
  const candidates: SrcsetCandidate[] = []
  let at = 0
  while (at < text.length) {
    while (at < text.length && (SPACE + ',').includes(text.charAt(at))) at += 1
    const start = at
    while (at < text.length && !SPACE.includes(text.charAt(at))) at += 1
    const word = text.slice(start, at)
    const url = withoutTrailing(word, ',')
    if (url === '') continue
    // A comma right behind the URL ends the candidate: it has no descriptor.
    const end = url === word ? endOfDescriptors(text, at) : at
    candidates.push({ url, size: sizeOf(text.slice(at, end)) })
    at = end
  }
  return candidates
}

function endOfDescriptors(text: string, from: number): number {
  let inParentheses = false
  for (let at = from; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (char === '(') inParentheses = true
    else if (char === ')') inParentheses = false
    else if (char === ',' && !inParentheses) return at
  }
  return text.length
}

function sizeOf(descriptors: string): number {
  const size = Number.parseFloat(descriptors.trim())
  return Number.isNaN(size) ? 1 : size
}
