import ipaddr from 'ipaddr.js'
import type { Config } from '../config.ts'
import { type Clock, HOUR_MS, isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Resolver } from '../intake/index.ts'
import { readProviders } from './providers.ts'
import type { Evidence, Host } from './types.ts'

/** Hosts kept in memory; the oldest look-up leaves first. */
const CACHED_HOSTS_MAX = 10_000

export interface Trace {
  /**
   * Who can remove what this URL shows: by the operator's table of domains, else of networks.
   * An answer is believed for `trace.cacheHours`; `fresh` looks it up again.
   * Throws NO_CONTACT where the table names nobody, URL_INVALID.
   */
  find(url: string, options?: { readonly fresh?: boolean }): Promise<Host>
}

/** Throws INVALID_CONFIG where the table of providers cannot be read. */
export function createTrace(
  context: { readonly clock: Clock },
  options: { readonly settings: Config['trace']; readonly resolver: Resolver },
): Trace {
  const { clock } = context
  const { settings, resolver } = options
  const table = readProviders(settings.providers)
  const cache = new Map<string, { readonly atMs: number; readonly host: Host }>()

  return {
    async find(url, { fresh = false } = {}) {
      const name = hostName(url)
      const cached = cache.get(name)
      const age = cached === undefined ? Infinity : clock.now() - cached.atMs
      if (!fresh && cached !== undefined && age >= 0 && age < settings.cacheHours * HOUR_MS) {
        return cached.host
      }
      cache.delete(name)
      const host = await lookUp(name)
      remember(name, host)
      return host
    },
  }

  async function lookUp(name: string): Promise<Host> {
    const evidence: Evidence[] = []
    const note = (step: string, question: string, answer: string) => {
      evidence.push({ step, question, answer, at: isoTime(clock.now()) })
    }
    const addresses = await addressesOf(name, note)

    const domain = table.byDomain(name)
    note('domain', name, domain?.matched ?? 'not in the table')
    const found = domain ?? table.byNetwork(addresses)
    if (domain === undefined) {
      note('network', addresses.join(', '), found?.matched ?? 'not in the table')
    }
    if (found === undefined) {
      const why = addresses.length === 0 ? 'its name has no address' : 'it is in no known network'
      throw new HindraError('NO_CONTACT', `the host is in no known domain and ${why}`)
    }
    const { provider } = found
    note('provider', found.matched, `${provider.name}, ${provider.abuseContact}`)
    return {
      name: provider.name,
      kind: 'provider',
      country: provider.country,
      asn: null,
      channel: { kind: 'mail', address: provider.abuseContact },
      abuseContact: provider.abuseContact,
      contactSource: 'settings',
      contacts: [],
      addresses,
      evidence,
      tracedAt: isoTime(clock.now()),
    }
  }

  /** A name without an answer is no fault here: its domain may still be in the table. */
  async function addressesOf(
    name: string,
    note: (step: string, question: string, answer: string) => void,
  ): Promise<readonly string[]> {
    if (ipaddr.isValid(name)) {
      note('literal', name, 'the URL names an address')
      return [name]
    }
    try {
      const addresses = await resolver.resolve(name)
      note('dns', name, addresses.join(', '))
      return addresses
    } catch (error) {
      if (!(error instanceof HindraError)) throw error
      note('dns', name, `no answer (${error.code})`)
      return []
    }
  }

  function remember(name: string, host: Host): void {
    const [oldest] = cache.keys()
    if (cache.size >= CACHED_HOSTS_MAX && oldest !== undefined) cache.delete(oldest)
    cache.set(name, { atMs: clock.now(), host })
  }
}

function hostName(url: string): string {
  if (!URL.canParse(url)) {
    throw new HindraError('URL_INVALID', 'the URL cannot be parsed', { field: 'url' })
  }
  return new URL(url).hostname.replace(/^\[|\]$|\.$/g, '')
}
