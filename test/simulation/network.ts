import { HindraError } from '../../src/errors.ts'
import type { Fetcher, Resolver } from '../../src/intake/index.ts'
import { tableResolver } from '../intake/table-resolver.ts'
import type { Visitor } from './page.ts'

const REDIRECTS_MAX = 5

/** What a host answers. */
export interface Answer {
  readonly status: number
  readonly body: Uint8Array
  readonly contentType: string
  /** Where an answer with a status of 3xx leads. */
  readonly location?: string
}

/** All hosts and name servers that there are. */
export interface Internet {
  /** Addresses by name. */
  names(): Readonly<Record<string, readonly string[]>>
  /** Undefined where nobody listens, or the line breaks. */
  answer(url: string, visitor: Visitor): Answer | undefined
}

/** Name servers that are a table. */
export function createFakeResolver({ names }: Pick<Internet, 'names'>): Resolver {
  return { resolve: (name) => tableResolver(names()).resolve(name) }
}

/** Answers as the real fetcher does on a real network, by the contract of fetchers. */
export function createFakeFetcher(internet: Internet): Fetcher {
  const resolver = createFakeResolver(internet)
  let closed = false
  return {
    async fetch(asked, { referrer, vantage } = {}) {
      if (closed) throw new HindraError('FETCH_FAILED', 'the fetcher is closed')
      let url = new URL(asked)
      for (let hop = 0; hop <= REDIRECTS_MAX; hop += 1) {
        const [address = ''] = await resolver.resolve(url.hostname)
        const answer = internet.answer(url.href, { referrer, vantage })
        if (answer === undefined) {
          throw new HindraError('FETCH_FAILED', 'connection failed (ECONNREFUSED)')
        }
        const { status, body, contentType, location } = answer
        if (location === undefined || status < 300 || status >= 400) {
          return { status, bytes: new Uint8Array(body), contentType, finalUrl: url.href, address }
        }
        url = new URL(location, url)
      }
      throw new HindraError('FETCH_FAILED', `more redirects than ${REDIRECTS_MAX}`)
    },
    close() {
      closed = true
      return Promise.resolve()
    },
  }
}
