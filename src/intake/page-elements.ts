import { Parser, Tokenizer, type TokenizerCallbacks } from 'htmlparser2'

export type Attributes = Readonly<Record<string, string | undefined>>

/**
 * Every start tag of a page, in order, whatever it is nested in. Elements have no content here: the
 * parser would keep a stack of those that are open, which a hostile page makes as long as itself,
 * and the time to handle it grows with its square.
 */
class FlatParser extends Parser {
  protected override isVoidElement(): boolean {
    return true
  }
}

const ignore = () => undefined

/** What a page has besides text and tags. */
const NOTHING_ELSE: Omit<
  TokenizerCallbacks,
  'onopentagname' | 'onclosetag' | 'ontext' | 'ontextentity'
> = {
  onattribdata: ignore,
  onattribentity: ignore,
  onattribend: ignore,
  onattribname: ignore,
  oncdata: ignore,
  oncomment: ignore,
  ondeclaration: ignore,
  onend: ignore,
  onopentagend: ignore,
  onprocessinginstruction: ignore,
  onselfclosingtag: ignore,
}

/** HTML has them begin a new line, as far as a reader of mail cares. */
const LINE_BREAKING = new Set(['br', 'p', 'div', 'li', 'tr', 'blockquote', 'h1', 'h2', 'h3'])

/** What a reader sees of a piece of HTML, its tags as line breaks or spaces. Takes linear time. */
export function textOfHtml(html: string): string {
  const pieces: string[] = []
  let unseen: string | undefined
  const tagBegins = (name: string) => {
    pieces.push(LINE_BREAKING.has(name) ? '\n' : ' ')
  }
  const text = (piece: string) => {
    if (unseen === undefined) pieces.push(piece)
  }
  const nameAt = (start: number, end: number) => html.slice(start, end).toLowerCase()
  const tokenizer = new Tokenizer(
    {},
    {
      ...NOTHING_ELSE,
      onopentagname(start, end) {
        const name = nameAt(start, end)
        if (name === 'script' || name === 'style') unseen = name
        tagBegins(name)
      },
      onclosetag(start, end) {
        const name = nameAt(start, end)
        if (name === unseen) unseen = undefined
        tagBegins(name)
      },
      ontext(start, end) {
        text(html.slice(start, end))
      },
      ontextentity(codepoint) {
        text(String.fromCodePoint(codepoint))
      },
    },
  )
  tokenizer.write(html)
  tokenizer.end()
  return pieces.join('')
}

/** Calls back for each start tag until one answers `stop`. Names are in lower case. */
export function eachElement(
  html: string,
  visit: (name: string, attributes: Attributes) => 'stop' | undefined,
): void {
  let isStopped = false
  const parser: Parser = new FlatParser({
    onopentag(name, attributes) {
      if (isStopped) return
      isStopped = visit(name, attributes) === 'stop'
      if (isStopped) parser.pause()
    },
  })
  // As HTML has it for attributes, and for names.
  parser.write(html.replaceAll('\0', '\ufffd'))
}
