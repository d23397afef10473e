import type { Fetcher } from '../../src/intake/index.ts'
import type { Api } from './api.ts'
import type { Provider } from './provider.ts'

/** One answer of the feed, with the URL that it is about. */
export interface Answer {
  readonly url: string
  readonly verdict?: 'exact' | 'confirmed' | 'review' | 'none'
  readonly caseId?: string
  readonly error?: { readonly code: string; readonly detail: string }
}

interface Line {
  readonly url: string
  readonly pageUrl: string
  readonly contentType: string
  readonly media: string
}

/** A crawler that remembers which URLs it has submitted. */
export interface Crawler {
  /** Walks the pages of a provider and submits all media that it has not seen before. */
  visit(provider: Provider): Promise<readonly Answer[]>
}

export function createCrawler(api: Api, fetcher: Fetcher): Crawler {
  const seen = new Set<string>()

  async function html(url: string): Promise<string> {
    return Buffer.from((await fetcher.fetch(url)).bytes).toString('utf8')
  }

  async function* walk(provider: Provider, sent: string[]): AsyncIterable<Line> {
    const front = await html(`${provider.origin}/`)
    for (const link of matches(front, /href="([^"]+)"/g)) {
      const pageUrl = new URL(link, provider.origin).href
      for (const source of matches(await html(pageUrl), /src="([^"]+)"/g)) {
        const url = new URL(source, pageUrl).href
        if (seen.has(url)) continue
        seen.add(url)
        const { bytes, contentType } = await fetcher.fetch(url, { referrer: pageUrl })
        sent.push(url)
        yield { url, pageUrl, contentType, media: Buffer.from(bytes).toString('base64') }
      }
    }
  }

  return {
    async visit(provider) {
      const sent: string[] = []
      const answers: Answer[] = []
      const feed = api.feed<Omit<Answer, 'url'> & { line: number }>(
        '/v1/sightings',
        walk(provider, sent),
      )
      for await (const { line, ...answer } of feed) {
        answers.push({ url: sent[line - 1] ?? '', ...answer })
      }
      return answers
    },
  }
}

function matches(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '')
}
