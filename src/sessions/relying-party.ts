import { isIP } from 'node:net'
import type { Config } from '../config.ts'

/** For whom passkeys are made and what page may ask for them, as WebAuthn has both (Level 3, 13.4.9). */
export interface RelyingParty {
  /** The host of the console: a browser hands a passkey to no other. */
  readonly id: string
  /** The one page, by scheme, host and port, whose requests count. */
  readonly origin: string
}

/**
 * Of the setting alone, never of what a request calls the server: undefined where passkeys are off, because no address
 * is set, or one at which no browser has them (an IP address, or http elsewhere than on the same machine).
 */
export function relyingParty({ url }: Pick<Config['sessions'], 'url'>): RelyingParty | undefined {
  if (url === undefined) return undefined
  const { hostname, origin, protocol } = new URL(url)
  const isHere = hostname === 'localhost' || hostname.endsWith('.localhost')
  if (protocol !== 'https:' && !isHere) return undefined
  const isAddress = isIP(hostname) !== 0 || hostname.startsWith('[')
  return isAddress ? undefined : { id: hostname, origin }
}
