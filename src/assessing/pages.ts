import { createHash } from 'node:crypto'
import type { Principal } from '../access/index.ts'
import type { Readings } from '../audit/index.ts'
import type { Cases } from '../cases/index.ts'
import type { Config } from '../config.ts'
import { SECOND_MS } from '../core/index.ts'
import { HindraError, toHindraError } from '../errors.ts'
import {
  type Fetched,
  type Fetcher,
  isHtmlPage,
  type MediaLink,
  type PageReader,
} from '../intake/index.ts'
import type { Look } from '../match/index.ts'
import type { Store } from '../store/index.ts'
import type { PageMedia, PageView } from './page-types.ts'

/** Media of one page that are looked at side by side. */
const LOOKS_AT_ONCE = 4

/** Pages that are assessed: what is to be taken down is the media on them. */
export interface Pages {
  /**
   * SHA-256 of the file that is at the URL now, undefined where none can be fetched. Throws PAGE_CHOICE where it is an
   * HTML page.
   */
  fileAt(url: string): Promise<string | undefined>
  /** The media on it. Throws what keeps it from being fetched, MEDIA_UNSUPPORTED where it is no page. */
  mediaOn(url: string): Promise<readonly MediaLink[]>
  /**
   * What is at a URL, for who is to choose: of each media how it is declared, and whether it is known by
   * what Hindra itself finds. Nothing of it is shown or kept. Throws as the fetcher.
   */
  look(by: Principal, url: string): Promise<PageView>
}

export function createPages(parts: {
  readonly store: Store
  readonly readings: Pick<Readings, 'often'>
  readonly fetcher: Fetcher
  readonly pageReader: Pick<PageReader, 'media'>
  readonly look: Pick<Look, 'seen'>
  readonly cases: Pick<Cases, 'atWork'>
  readonly settings: Pick<Config['fetch'], 'pageBytesMax' | 'pageMediaMax' | 'pageSeconds'>
}): Pages {
  const { store, readings, fetcher, pageReader, look, cases, settings } = parts

  async function fetchOk(url: string): Promise<Fetched> {
    const fetched = await fetcher.fetch(url)
    if (fetched.status === 200) return fetched
    throw new HindraError('FETCH_FAILED', `the host answered with status ${fetched.status}`)
  }

  function linksOn({ bytes, finalUrl }: Fetched): Promise<readonly MediaLink[]> {
    const { pageBytesMax: bytesMax, pageMediaMax: mediaMax } = settings
    return pageReader.media(bytes, finalUrl, { bytesMax, mediaMax })
  }

  async function mediaOf(
    link: MediaLink,
    number: number,
    pageUrl: string,
    signal: AbortSignal,
  ): Promise<PageMedia> {
    const { url, element, width = null, height = null } = link
    const covering = await store.transact((tx) => cases.atWork(tx, url))
    const told = { number, url, element, width, height, caseId: covering?.id ?? null }
    try {
      const { looked } = await look.seen({ url, pageUrl, referrer: pageUrl }, signal)
      const [{ fingerprint, judgement }] = looked
      const kind = fingerprint?.kind ?? null
      return { ...told, kind, verdict: judgement.verdict, problem: null }
    } catch (error) {
      return { ...told, kind: null, verdict: null, problem: toHindraError(error).code }
    }
  }

  return {
    async fileAt(url) {
      const fetched = await fetcher.fetch(url).catch(() => undefined)
      if (fetched?.status !== 200) return undefined
      if (!isHtmlPage(fetched.bytes))
        return createHash('sha256').update(fetched.bytes).digest('hex')
      const { length: count } = await linksOn(fetched)
      throw new HindraError(
        'PAGE_CHOICE',
        { says: 'page-choice', count },
        {
          field: 'url',
        },
      )
    },

    async mediaOn(url) {
      const fetched = await fetchOk(url)
      if (isHtmlPage(fetched.bytes)) return linksOn(fetched)
      throw new HindraError('MEDIA_UNSUPPORTED', 'the URL is no page', { field: 'url' })
    },

    async look(by, url) {
      const fetched = await fetchOk(url)
      readings.often(by, 'page.look')
      if (!isHtmlPage(fetched.bytes)) return { url, isPage: false, media: [] }
      const signal = AbortSignal.timeout(settings.pageSeconds * SECOND_MS)
      const links = (await linksOn(fetched)).map((link, at) => ({ link, number: at + 1 }))
      const media: PageMedia[] = []
      for (let from = 0; from < links.length; from += LOOKS_AT_ONCE) {
        const some = links.slice(from, from + LOOKS_AT_ONCE)
        const looks = some.map(({ link, number }) =>
          mediaOf(link, number, fetched.finalUrl, signal),
        )
        media.push(...(await Promise.all(looks)))
      }
      return { url, isPage: true, media }
    },
  }
}
