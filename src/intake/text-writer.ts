import { unseenTold } from '../core/index.ts'

/** Text as it is read: white space collapsed, up to a length. */
export interface TextWriter {
  add(piece: string): void
  /** What follows stands on a line of its own. */
  endLine(): void
  /** What follows is another word. */
  endWord(): void
  readonly isEmpty: boolean
  /** What was kept, with what nobody sees told as `[U+202E]`. */
  text(): string
  /** How many characters (UTF-16) came after those that were kept. */
  leftOut(): number
}

/**
 * @param max Characters (UTF-16) that are kept, before those are told that nobody sees
 * @param lineEnd What parts two lines
 */
export function createTextWriter(max: number, lineEnd: '\n' | ' ' = '\n'): TextWriter {
  let kept = ''
  let all = 0
  let gap = ''

  function put(word: string): void {
    const piece = all === 0 ? word : gap + word
    if (kept.length < max) kept += piece.slice(0, max - kept.length)
    all += piece.length
    gap = ''
  }

  /** Without half of a character at its end. */
  function whole(): string {
    const isHalf = /[\uD800-\uDBFF]$/.test(kept)
    return isHalf ? kept.slice(0, -1) : kept
  }

  function endWord(): void {
    if (gap === '') gap = ' '
  }

  return {
    add(piece) {
      for (const [part] of piece.matchAll(/\s+|\S+/gu)) {
        if (part.trim() === '') endWord()
        else put(part)
      }
    },
    endLine() {
      gap = lineEnd
    },
    endWord,
    get isEmpty() {
      return all === 0
    },
    text: () => unseenTold(whole()),
    leftOut: () => all - whole().length,
  }
}
