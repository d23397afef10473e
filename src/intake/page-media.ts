import { canonicalUrl, own } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { type Attributes, eachElement } from './page-elements.ts'
import { htmlOf } from './page-encoding.ts'
import { parseSrcset } from './srcset.ts'

/** A picture or film that a page shows, or says that it shows. */
export interface MediaLink {
  /** Absolute, http or https, without a fragment. */
  readonly url: string
  /** The element that names it: `img`, `source`, `video`, `meta` ... */
  readonly element: string
  /** Pixels, as the page declares them. */
  readonly width?: number
  readonly height?: number
}

export interface PageLimits {
  /** Media beyond this number are left out. */
  readonly mediaMax: number
  /** What is behind these bytes of the page is not read. */
  readonly bytesMax: number
}

/** A page of nothing but broken links must not cost more than a page of sound ones. */
const LINKS_MAX = 10_000

/** Attributes with one URL; those of data-* are where scripts find what they load later. */
const SOURCES = ['src', 'data-src', 'data-original', 'data-lazy-src', 'data-lazy', 'data-url']
const SETS = ['srcset', 'data-srcset', 'data-lazy-srcset', 'data-original-set']
const POSTERS = ['poster', 'data-poster']

const ATTRIBUTES = new Map([
  ['img', { single: SOURCES, sets: SETS }],
  ['source', { single: SOURCES, sets: SETS }],
  ['video', { single: [...SOURCES, ...POSTERS], sets: [] }],
])

/** Open Graph, Twitter cards, schema.org. */
const META_NAMES = new Set([
  'og:image',
  'og:image:url',
  'og:image:secure_url',
  'og:video',
  'og:video:url',
  'og:video:secure_url',
  'twitter:image',
  'twitter:image:src',
  'twitter:player:stream',
  'image',
  'thumbnailurl',
  'contenturl',
])

/**
 * The media on a page: what it shows first, then the smaller candidates of each `srcset`, in the
 * order of the page, each URL once. No script runs, and nothing is fetched.
 */
export function mediaOnPage(
  html: Uint8Array,
  pageUrl: string,
  limits: PageLimits,
): readonly MediaLink[] {
  return collect(htmlOf(html.subarray(0, limits.bytesMax)), pageUrl, limits.mediaMax)
}

function collect(html: string, pageUrl: string, mediaMax: number): readonly MediaLink[] {
  const shown = new Map<string, MediaLink>()
  const smaller = new Map<string, MediaLink>()
  let base = pageUrl
  let isBaseKnown = false
  let links = 0

  eachElement(html, (element, attributes) => {
    const { href } = attributes
    if (element === 'base' && href !== undefined && !isBaseKnown) {
      base = mediaUrl(href, pageUrl) ?? pageUrl
      isBaseKnown = true
    }
    const add = (list: Map<string, MediaLink>, raw: string) => {
      links += 1
      if (links > LINKS_MAX) return
      const url = mediaUrl(raw, base)
      if (url === undefined || list.has(url)) return
      list.set(url, { url, element, ...declaredSize(attributes) })
    }
    for (const raw of singleUrls(element, attributes)) add(shown, raw)
    for (const set of sets(element, attributes)) {
      const [largest, ...others] = parseSrcset(set).toSorted((a, b) => b.size - a.size)
      if (largest !== undefined) add(shown, largest.url)
      for (const { url } of others) add(smaller, url)
    }
    return shown.size >= mediaMax || links > LINKS_MAX ? 'stop' : undefined
  })
  const others = [...smaller.values()].filter(({ url }) => !shown.has(url))
  return [...shown.values(), ...others].slice(0, mediaMax)
}

const PIXELS_MAX = 100_000

/** The size that the element declares; one in percent, or none, says nothing of pixels. */
function declaredSize({ width, height }: Attributes): Pick<MediaLink, 'width' | 'height'> {
  const pixels = (text = '') => (/^\d{1,6}$/.test(text) ? Number(text) : 0)
  const [wide, high] = [pixels(width), pixels(height)]
  const isTold = wide > 0 && high > 0 && Math.max(wide, high) <= PIXELS_MAX
  return isTold ? { width: wide, height: high } : {}
}

function singleUrls(element: string, attributes: Attributes): readonly string[] {
  if (element === 'meta') {
    const name = attributes['property'] ?? attributes['name'] ?? attributes['itemprop'] ?? ''
    return META_NAMES.has(name.toLowerCase()) ? given(attributes, ['content']) : []
  }
  if (element === 'link') {
    const relations = (attributes['rel'] ?? '').toLowerCase().split(/\s+/)
    const isPicture =
      relations.includes('image_src') ||
      (relations.includes('preload') && attributes['as'] === 'image')
    return isPicture ? given(attributes, ['href']) : []
  }
  if (/^audio\//i.test(attributes['type'] ?? '')) return []
  return given(attributes, ATTRIBUTES.get(element)?.single ?? [])
}

function sets(element: string, attributes: Attributes): readonly string[] {
  return given(attributes, ATTRIBUTES.get(element)?.sets ?? [])
}

function given(attributes: Attributes, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => own(attributes, name) ?? [])
}

/** What could not be submitted as a sighting (data:, javascript:, credentials) is left out. */
function mediaUrl(raw: string, base: string): string | undefined {
  if (raw.trim() === '' || !URL.canParse(raw, base)) return undefined
  try {
    return canonicalUrl(new URL(raw, base).href)
  } catch (error) {
    if (error instanceof HindraError) return undefined
    throw error
  }
}
