import type { Config } from '../config.ts'
import { canonicalUrl, isWithinDomain } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { addressPolicy, literalAddress } from './addresses.ts'
import { within } from './deadline.ts'
import { requestOnce } from './fetch-request.ts'
import { isInternalName } from './internal-names.ts'
import type { Fetched, Fetcher, FetchOptions, Resolver } from './fetched.ts'

/** The safe fetcher: every hop's scheme, port, name and addresses are judged before anything is sent. */
export function createFetcher(options: {
  readonly settings: Config['fetch']
  readonly resolver: Resolver
  /** Certificate authorities (PEM) that are trusted instead of Node's. */
  readonly authorities?: readonly string[]
}): Fetcher {
  const { settings, resolver, authorities } = options
  const policy = addressPolicy(settings.allowNetworks)
  const proxies = new Map(Object.entries(settings.vantages))
  const running = new Map<AbortController, Promise<Fetched>>()
  let closed = false

  return {
    async fetch(url, fetchOptions = {}) {
      if (closed) throw new HindraError('FETCH_FAILED', 'the fetcher is closed')
      const abort = new AbortController()
      const giveUp = () => {
        abort.abort(new HindraError('FETCH_FAILED', 'time-out: no time is left for it'))
      }
      const { signal } = fetchOptions
      if (signal?.aborted === true) giveUp()
      signal?.addEventListener('abort', giveUp)
      const work = within(abort, settings.totalSeconds, 'in all', () =>
        follow(url, fetchOptions, abort),
      )
      running.set(abort, work)
      try {
        return await work
      } finally {
        running.delete(abort)
        signal?.removeEventListener('abort', giveUp)
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
    { referrer: given, vantage = '' }: FetchOptions,
    abort: AbortController,
  ): Promise<Fetched> {
    const referrer = given === undefined ? undefined : httpUrl(given, 'referrer').href
    const proxyUrl = proxies.get(vantage)
    const proxy = proxyUrl === undefined ? undefined : new URL(proxyUrl)
    let url = httpUrl(raw, 'url')
    for (let redirects = 0; redirects <= settings.redirectsMax; redirects += 1) {
      const hop = await requestOnce(url, {
        settings,
        policy,
        authorities,
        addresses: () => allowedAddresses(url),
        port: portOf(url),
        proxy,
        referrer,
        abort,
      })
      if ('fetched' in hop) return hop.fetched
      url = redirectTarget(hop.location, url)
    }
    const message = `more redirects than fetch.redirectsMax (${settings.redirectsMax})`
    throw new HindraError('FETCH_FAILED', message)
  }

  /** One look-up; refused as a whole where one address is not allowed, as such a name is a trap. */
  async function allowedAddresses(url: URL): Promise<readonly string[]> {
    const { hostname } = url
    if (!settings.allowPorts.includes(portOf(url))) {
      throw new HindraError('FETCH_REFUSED', 'the port is not among fetch.allowPorts')
    }
    const literal = literalAddress(hostname)
    if (literal === undefined && isInternalName(hostname) && !isAllowedName(hostname)) {
      throw new HindraError('FETCH_REFUSED', 'the host has a name that only inner networks know')
    }
    const addresses = literal === undefined ? await resolver.resolve(hostname) : [literal]
    if (addresses.length === 0) throw new HindraError('FETCH_FAILED', 'DNS gave no address')
    if (addresses.every(policy)) return addresses
    throw new HindraError('FETCH_REFUSED', 'the host has a private, loopback or special address')
  }

  function isAllowedName(hostname: string): boolean {
    return settings.allowHosts.some((name) => isWithinDomain(hostname, name.toLowerCase()))
  }
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port)
  return protocol === 'https:' ? 443 : 80
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
