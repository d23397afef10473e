import { createTextWriter, type TextWriter } from './text-writer.ts'

/** How a page leads elsewhere: by what one clicks, by what stands in it, by itself. */
export type PageLinkKind = 'link' | 'frame' | 'forward'

/** Where a page leads. */
export interface PageLink {
  readonly kind: PageLinkKind
  /** Absolute, with its fragment, of any scheme that leads somewhere: `https`, `mailto`, `magnet`, `tg`. */
  readonly url: string
  /** What stands on it, empty where that is no text; at most 100 characters. */
  readonly words: string
}

/** The links of one page, as they come. */
interface PageLinks {
  /** Where those after it begin; the first counts. */
  base(href: string | undefined): void
  /** @param hasWords Whether what follows stands on it, until it ends */
  add(kind: PageLinkKind, raw: string, hasWords?: boolean): void
  end(): void
  /** What stands on the link that is open; undefined where none is. */
  words(): TextWriter | undefined
  found(): readonly PageLink[]
  leftOut(): number
}

const URL_MAX = 2_000
const WORDS_MAX = 100
/** A page of nothing but links must not cost more than others: what is behind these is counted, and not compared. */
const COMPARED_MAX = 10_000
/** Schemes of what is no other place. */
const NOWHERE = new Set(['about:', 'blob:', 'data:', 'javascript:', 'vbscript:', 'view-source:'])

export function createPageLinks(pageUrl: string, linksMax: number): PageLinks {
  const links = new Map<string, { readonly kind: PageLinkKind; readonly words: TextWriter }>()
  /** As they are written: where they lead, undefined for nowhere. */
  const compared = new Map<string, string | undefined>()
  let leftOut = 0
  let base = pageUrl
  let isBaseKnown = false
  let open: TextWriter | undefined

  function addNew(kind: PageLinkKind, raw: string): string | undefined {
    const url = absolute(raw, base)
    compared.set(raw, url)
    if (url !== undefined && (links.has(url) || isWithin(url, pageUrl))) return url
    if (url === undefined || links.size >= linksMax) leftOut += 1
    else links.set(url, { kind, words: createTextWriter(WORDS_MAX, ' ') })
    return url
  }

  return {
    base(href) {
      if (href === undefined || isBaseKnown) return
      base = absolute(href, pageUrl) ?? pageUrl
      isBaseKnown = true
      // What stands before it is meant otherwise than what stands behind.
      compared.clear()
    },
    add(kind, raw, hasWords = false) {
      const isKnown = compared.has(raw)
      if (!isKnown && compared.size >= COMPARED_MAX) {
        leftOut += 1
        return
      }
      const url = isKnown ? compared.get(raw) : addNew(kind, raw)
      const words = url === undefined ? undefined : links.get(url)?.words
      if (hasWords && words?.isEmpty === true) open = words
    },
    end() {
      open = undefined
    },
    words: () => open,
    found: () =>
      Array.from(links, ([url, { kind, words }]) => ({ kind, url, words: words.text() })),
    leftOut: () => leftOut,
  }
}

/** Undefined for what leads nowhere by itself, is no URL, or is longer than links are. */
function absolute(raw: string, base: string): string | undefined {
  if (raw.length > URL_MAX || !URL.canParse(raw, base)) return undefined
  const { protocol, href } = new URL(raw, base)
  return NOWHERE.has(protocol) || href.length > URL_MAX ? undefined : href
}

/** Whether a URL is a place on the page itself. */
function isWithin(url: string, pageUrl: string): boolean {
  return withoutFragment(url) === withoutFragment(pageUrl)
}

function withoutFragment(url: string): string {
  const at = url.indexOf('#')
  return at < 0 ? url : url.slice(0, at)
}
