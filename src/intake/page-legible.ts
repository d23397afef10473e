import { Tokenizer } from 'htmlparser2'
import { htmlOf } from './page-encoding.ts'
import { createPageLinks, type PageLink, type PageLinkKind } from './page-links.ts'
import { createTextWriter } from './text-writer.ts'

/** What a page says, in text alone. */
export interface LegiblePage {
  /** Null where it has none; at most 300 characters. */
  readonly title: string | null
  /** One line a block, without empty ones. What styles hide is in it, what scripts bring is not. */
  readonly text: string
  /** Characters behind those. */
  readonly textLeftOut: number
  /** In the order of the page, each URL once. */
  readonly links: readonly PageLink[]
  /** Links behind those, and such as lead nowhere by themselves (`javascript:`, `data:`) or are too long. */
  readonly linksLeftOut: number
  /** Whether all of the page was read. */
  readonly isWhole: boolean
}

export interface LegibleLimits {
  /** Characters of text. */
  readonly textMax: number
  readonly linksMax: number
  /** What is behind these bytes of the page is not read. */
  readonly bytesMax: number
}

/** Where a page was found, and what its host said that it is. */
export interface FoundPage {
  readonly pageUrl: string
  readonly contentType: string
}

const TITLE_MAX = 300

/** What a browser begins a line for. */
const BLOCKS = new Set([
  ...[
    'address',
    'article',
    'aside',
    'blockquote',
    'body',
    'br',
    'caption',
    'center',
    'dd',
    'details',
  ],
  ...[
    'dialog',
    'div',
    'dl',
    'dt',
    'fieldset',
    'figcaption',
    'figure',
    'footer',
    'form',
    'h1',
    'h2',
  ],
  ...['h3', 'h4', 'h5', 'h6', 'header', 'hr', 'legend', 'li', 'main', 'nav', 'ol', 'option', 'p'],
  ...['plaintext', 'pre', 'section', 'summary', 'table', 'textarea', 'tr', 'ul', 'xmp'],
])
const CELLS = new Set(['td', 'th'])
/** What stands in these is for programs, or for browsers that know no frames and no scripts. */
const UNSEEN = new Set(['script', 'style', 'iframe', 'noembed', 'noframes'])
/** Elements of HTML that end a drawing or a formula which was left open (HTML, 13.2.6.5). */
const ENDS_FOREIGN = new Set([
  ...BLOCKS,
  'b',
  'em',
  'i',
  'img',
  'meta',
  'small',
  'span',
  'strong',
  'u',
])
const FOREIGN = new Set(['svg', 'math'])
/** Which attribute of which element leads elsewhere. */
const LINKS = new Map<string, readonly [attribute: string, kind: PageLinkKind]>([
  ['a', ['href', 'link']],
  ['area', ['href', 'link']],
  ['frame', ['src', 'frame']],
  ['iframe', ['src', 'frame']],
])
const ATTRIBUTES = new Set(['href', 'src', 'content', 'http-equiv'])
const FORWARD = /^[\s\d.;,]*url\s*=\s*["']?([^"']*)/i

/**
 * What a page says: its title, its text and its links. By tokens and not by elements, in time that grows with its length
 * alone, whatever is nested or left open. No script runs, and nothing is fetched.
 */
export function legiblePage(
  bytes: Uint8Array,
  { pageUrl, contentType }: FoundPage,
  { textMax, linksMax, bytesMax }: LegibleLimits,
): LegiblePage {
  // As HTML has it for names and attributes; in text it would be left out, and be seen by nobody.
  const html = htmlOf(bytes.subarray(0, bytesMax), contentType).replaceAll('\0', '\ufffd')
  const text = createTextWriter(textMax)
  const title = createTextWriter(TITLE_MAX, ' ')
  const links = createPageLinks(pageUrl, linksMax)
  /** The element whose text is no text of the page: the title among them. */
  let unseen: string | undefined
  let isTitleOver = false
  let foreign = 0
  let element = ''
  let attribute = ''
  const attributes = new Map<string, string>()

  const nameAt = (start: number, end: number) => html.slice(start, end).toLowerCase()

  function add(piece: string): void {
    if (unseen === 'title' && !isTitleOver) title.add(piece)
    if (unseen !== undefined) return
    text.add(piece)
    links.words()?.add(piece)
  }

  function endOf(name: string): void {
    if (CELLS.has(name)) text.endWord()
    if (!BLOCKS.has(name)) return
    text.endLine()
    links.words()?.endLine()
  }

  function begin(name: string): void {
    element = name
    attributes.clear()
    if (foreign > 0 && ENDS_FOREIGN.has(name)) {
      foreign = 0
      unseen = undefined
    }
    if (FOREIGN.has(name)) foreign += 1
    if (UNSEEN.has(name) || (name === 'title' && foreign === 0)) unseen ??= name
    endOf(name)
  }

  function opened(): void {
    if (element === 'base') links.base(attributes.get('href'))
    if (element === 'meta' && attributes.get('http-equiv')?.trim().toLowerCase() === 'refresh') {
      const [, url] = FORWARD.exec(attributes.get('content') ?? '') ?? []
      if (url !== undefined) links.add('forward', url)
    }
    const [from, kind] = LINKS.get(element) ?? []
    if (element === 'a') links.end()
    const url = from === undefined ? undefined : attributes.get(from)
    if (kind !== undefined && url !== undefined) links.add(kind, url, element === 'a')
  }

  function closed(name: string): void {
    // Of a second title a browser shows nothing.
    if (name === 'title' && !title.isEmpty) isTitleOver = true
    if (FOREIGN.has(name) && foreign > 0) foreign -= 1
    if (name === unseen || (FOREIGN.has(name) && foreign === 0)) unseen = undefined
    if (name === 'a') links.end()
    endOf(name)
  }

  function addToAttribute(value: string): void {
    if (ATTRIBUTES.has(attribute))
      attributes.set(attribute, `${attributes.get(attribute) ?? ''}${value}`)
  }

  const ignore = () => undefined
  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      onopentagname(start, end) {
        begin(nameAt(start, end))
      },
      onopentagend: opened,
      onselfclosingtag() {
        opened()
        // In HTML itself nothing ends by that, in a drawing all does.
        if (foreign > 0) closed(element)
      },
      onclosetag(start, end) {
        closed(nameAt(start, end))
      },
      onattribname(start, end) {
        const name = nameAt(start, end)
        // The first of two counts.
        attribute = attributes.has(name) ? '' : name
        if (ATTRIBUTES.has(attribute)) attributes.set(attribute, '')
      },
      onattribdata(start, end) {
        addToAttribute(html.slice(start, end))
      },
      onattribentity(codepoint) {
        addToAttribute(String.fromCodePoint(codepoint))
      },
      ontext(start, end) {
        add(html.slice(start, end))
      },
      ontextentity(codepoint) {
        add(String.fromCodePoint(codepoint))
      },
      oncdata(start, end) {
        add(html.slice(start, end))
      },
      isInForeignContext: () => foreign > 0,
      onattribend: ignore,
      oncomment: ignore,
      ondeclaration: ignore,
      onend: ignore,
      onprocessinginstruction: ignore,
    },
  )
  tokenizer.write(html)
  tokenizer.end()
  return {
    title: title.isEmpty ? null : title.text(),
    text: text.text(),
    textLeftOut: text.leftOut(),
    links: links.found(),
    linksLeftOut: links.leftOut(),
    isWhole: bytes.length <= bytesMax,
  }
}
