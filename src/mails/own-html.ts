import { Tokenizer } from 'htmlparser2'

const BLOCKS = new Set([
  ...['blockquote', 'br', 'div', 'h1', 'h2', 'h3', 'hr', 'li', 'p', 'pre', 'table', 'td', 'tr'],
])
const UNSEEN = new Set(['head', 'script', 'style', 'title'])
/** How mail programs mark where they begin to quote: Outlook, Gmail, Yahoo, Thunderbird, Proton. */
const QUOTES = [
  ...['divrplyfwdmsg', 'appendonsend', 'outlookmessageheader', 'gmail_quote', 'gmail_attr'],
  ...['yahoo_quoted', 'moz-cite-prefix', 'protonmail_quote'],
]
const MARKS_MAX = 1_000

/**
 * The text of an HTML mail up to where it begins to quote; what stands in a `blockquote` is none of it. By
 * tokens and not by elements, which takes linear time whatever is left open.
 */
export function ownTextOfHtml(html: string): string {
  const pieces: string[] = []
  const at = (start: number, end: number) => html.slice(start, end).toLowerCase()
  let unseen: string | undefined
  let quoted = 0
  let isOver = false
  let attribute = ''
  const add = (piece: string) => {
    if (!isOver && quoted === 0 && unseen === undefined) pieces.push(piece)
  }
  const ignore = () => undefined
  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      onopentagname(start, end) {
        const name = at(start, end)
        if (unseen === undefined && UNSEEN.has(name)) unseen = name
        add(BLOCKS.has(name) ? '\n' : '')
        if (name === 'blockquote') quoted += 1
      },
      onclosetag(start, end) {
        const name = at(start, end)
        if (name === unseen) unseen = undefined
        if (name === 'blockquote' && quoted > 0) quoted -= 1
        add(BLOCKS.has(name) ? '\n' : '')
      },
      onattribname(start, end) {
        attribute = at(start, end)
      },
      onattribdata(start, end) {
        if (attribute !== 'id' && attribute !== 'class') return
        const marks = at(start, Math.min(end, start + MARKS_MAX))
        if (QUOTES.some((quote) => marks.includes(quote))) isOver = true
      },
      ontext(start, end) {
        add(html.slice(start, end))
      },
      ontextentity(codepoint) {
        add(String.fromCodePoint(codepoint))
      },
      onattribend: ignore,
      onattribentity: ignore,
      oncdata: ignore,
      oncomment: ignore,
      ondeclaration: ignore,
      onend: ignore,
      onopentagend: ignore,
      onprocessinginstruction: ignore,
      onselfclosingtag: ignore,
    },
  )
  tokenizer.write(html)
  tokenizer.end()
  return pieces.join('')
}
