import { isIP } from 'node:net'
import { HindraError } from '../errors.ts'
import { addressPolicy, literalAddress, type Resolver } from '../intake/index.ts'

const URL_MAX = 2_048
const LOOPBACK = ['127.0.0.0/8', '::1/128']

export interface DestinationSettings {
  /** CIDR blocks that endpoints may be in though they are special. */
  readonly allowNetworks: readonly string[]
  readonly allowHttpLoopback: boolean
}

/** Where alerts and notices may be posted to, and lists be fetched from. */
export interface Destinations {
  /** Https; or http to loopback where that is allowed. Throws URL_INVALID, FETCH_REFUSED. */
  check(url: string): URL
  /** Addresses of its host, once, all of them judged. Throws FETCH_FAILED, FETCH_REFUSED. */
  addresses(url: URL): Promise<readonly { address: string; family: number }[]>
}

/**
 * The rules of the fetcher: public addresses, and what the operator listed.
 *
 * @param section Of the settings that say so, for messages
 */
export function createDestinations(
  { allowNetworks, allowHttpLoopback }: DestinationSettings,
  resolver: Resolver,
  section: 'webhooks' | 'exchange' | 'iccam' = 'webhooks',
): Destinations {
  const onHttps = addressPolicy(allowNetworks)
  const isLoopback = addressPolicy(LOOPBACK)
  const isPublic = addressPolicy([])
  const onHttp = (address: string) => isLoopback(address) && !isPublic(address)

  return {
    check(text) {
      if (text.length > URL_MAX || !URL.canParse(text)) throw invalid('is no URL')
      const url = new URL(text)
      if (url.username !== '' || url.password !== '') throw invalid('holds credentials')
      url.hash = ''
      if (url.protocol === 'https:') return url
      if (url.protocol !== 'http:') throw invalid('is not https')
      if (allowHttpLoopback) return url
      throw new HindraError(
        'FETCH_REFUSED',
        `an endpoint is https (${section}.allowHttpLoopback)`,
        {
          field: 'url',
        },
      )
    },

    async addresses({ hostname, protocol }) {
      const literal = literalAddress(hostname)
      const found = literal === undefined ? await resolver.resolve(hostname) : [literal]
      if (found.length === 0) throw new HindraError('FETCH_FAILED', 'DNS gave no address')
      if (!found.every(protocol === 'https:' ? onHttps : onHttp)) {
        throw new HindraError('FETCH_REFUSED', `not an address of ${section}.allowNetworks`)
      }
      return found.map((address) => ({ address, family: isIP(address) }))
    },
  }
}

function invalid(what: string): HindraError {
  return new HindraError('URL_INVALID', `the endpoint ${what}`, { field: 'url' })
}
