import type { Config } from '../config.ts'
import { canonicalUrl } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { addressPolicy, literalAddress } from './addresses.ts'
import { within } from './deadline.ts'
import { requestOnce } from './fetch-request.ts'
import type { Fetched, Fetcher, FetchOptions, Resolver } from './types.ts'

const DEFAULT_PORTS = new Map([
  ['http:', 80],
  ['https:', 443],
])

/** The safe fetcher: every hop's scheme, port and addresses are judged before anything is sent. */
export function createFetcher(options: {
  readonly settings: Config['fetch']
  readonly resolver: Resolver
}): Fetcher {
  const { settings, resolver } = options
  const policy = addressPolicy(settings.allowNetworks)
  const running = new Map<AbortController, Promise<Fetched>>()
  let closed = false

  return {
    async fetch(url, fetchOptions = {}) {
      if (closed) throw new HindraError('FETCH_FAILED', 'the fetcher is closed')
      const abort = new AbortController()
      const work = within(abort, settings.totalSeconds, 'in all', () =>
        follow(url, fetchOptions, abort),
      )
      running.set(abort, work)
      try {
        return await work
      } finally {
        running.delete(abort)
      }
    },

    async close() {
      closed = true
      const reason = new HindraError('FETCH_FAILED', 'the fetcher was closed')
      for (const abort of running.keys()) abort.abort(reason)
      await Promise.allSettled(running.values())
    },
  }

  async function follow(
    raw: string,
    fetchOptions: FetchOptions,
    abort: AbortController,
  ): Promise<Fetched> {
    const given = fetchOptions.referrer
    const referrer = given === undefined ? undefined : httpUrl(given, 'referrer').href
    let url = httpUrl(raw, 'url')
    for (let redirects = 0; redirects <= settings.redirectsMax; redirects += 1) {
      const addresses = () => allowedAddresses(url)
      const hop = await requestOnce(url, { settings, policy, addresses, referrer, abort })
      if ('fetched' in hop) return hop.fetched
      url = redirectTarget(hop.location, url)
    }
    const message = `more redirects than fetch.redirectsMax (${settings.redirectsMax})`
    throw new HindraError('FETCH_FAILED', message)
  }

  /** One look-up; refused as a whole where one address is not allowed, as such a name is a trap. */
  async function allowedAddresses(url: URL): Promise<readonly string[]> {
    const port = url.port === '' ? DEFAULT_PORTS.get(url.protocol) : Number(url.port)
    if (port === undefined || !settings.allowPorts.includes(port)) {
      throw new HindraError('FETCH_REFUSED', 'the port is not among fetch.allowPorts')
    }
    const literal = literalAddress(url.hostname)
    const addresses = literal === undefined ? await resolver.resolve(url.hostname) : [literal]
    if (addresses.length === 0) throw new HindraError('FETCH_FAILED', 'DNS gave no address')
    if (addresses.every(policy)) return addresses
    throw new HindraError('FETCH_REFUSED', 'the host has a private, loopback or special address')
  }
}

function httpUrl(text: string, field: string): URL {
  try {
    return new URL(canonicalUrl(text))
  } catch (error) {
    if (!(error instanceof HindraError)) throw error
    throw new HindraError(error.code, error.message, { field })
  }
}

/** A target that a person could not have submitted is not followed either. */
function redirectTarget(location: string, from: URL): URL {
  try {
    return httpUrl(new URL(location, from).href, 'location')
  } catch {
    throw new HindraError('FETCH_REFUSED', 'a redirect to what is no http or https URL')
  }
}
