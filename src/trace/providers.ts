import ipaddr from 'ipaddr.js'
import type { Channel } from '../channels/index.ts'
import { isWithinDomain } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Provider } from './host.ts'

type Address = ReturnType<typeof ipaddr.process>

/** A row of a table and what of it matched: a domain, an alias, a CIDR block, a system. */
export interface FoundProvider {
  readonly provider: Provider
  readonly step: 'domain' | 'alias' | 'network' | 'system'
  readonly matched: string
}

/** What is known of a host when a table is asked. */
export interface Whereabouts {
  readonly name: string
  readonly aliases: readonly string[]
  readonly addresses: readonly string[]
  readonly asn: number | null
}

/**
 * The provider of the most specific domain that holds the host; else of one that an alias ends in;
 * else of the longest prefix that holds an address; else of its autonomous system. Ties go to the
 * earlier row.
 */
export interface ProviderTable {
  find(host: Whereabouts): FoundProvider | undefined
}

/** Reads a table once. Throws INVALID_CONFIG naming the row. */
export function readProviders(providers: readonly Provider[]): ProviderTable {
  const domains = domainRows(providers, 'domains')
  const aliasDomains = domainRows(providers, 'aliases')
  const networks = providers.flatMap((provider) =>
    provider.networks.map((network) => ({ provider, ...readNetwork(provider, network) })),
  )
  networks.sort((a, b) => b.prefix - a.prefix)

  return {
    find({ name, aliases, addresses, asn }) {
      const own = domains.find(({ domain }) => isWithinDomain(name, domain))
      if (own) return { provider: own.provider, step: 'domain', matched: own.domain }
      for (const alias of aliases) {
        const row = aliasDomains.find(({ domain }) => isWithinDomain(alias, domain))
        if (row) return { provider: row.provider, step: 'alias', matched: row.domain }
      }
      return byNetwork(addresses) ?? bySystem(asn)
    },
  }

  function byNetwork(addresses: readonly string[]): FoundProvider | undefined {
    const parsed = addresses
      .filter((text) => ipaddr.isValid(text))
      .map((text) => ipaddr.process(text))
    for (const { provider, base, prefix } of networks) {
      const address = parsed.find((one) => one.kind() === base.kind() && one.match(base, prefix))
      if (address === undefined) continue
      const matched = `${base.toString()}/${prefix} holds ${address.toString()}`
      return { provider, step: 'network', matched }
    }
    return undefined
  }

  function bySystem(asn: number | null): FoundProvider | undefined {
    if (asn === null) return undefined
    const provider = providers.find(({ systems }) => systems.includes(asn))
    return provider && { provider, step: 'system', matched: `AS${asn}` }
  }
}

/** The best way there: an API that is set up, else a webhook, mail, a form. */
export function channelOf(
  { api, webhook, abuseContact, form }: Provider,
  apis: readonly string[],
): Channel | null {
  if (api !== undefined && apis.includes(api)) return { kind: 'http-api', api }
  if (webhook !== undefined) return { kind: 'webhook', url: webhook }
  if (abuseContact !== undefined) return { kind: 'mail', address: abuseContact }
  return form === undefined ? null : { kind: 'by-hand', form }
}

function domainRows(providers: readonly Provider[], field: 'domains' | 'aliases') {
  const rows = providers.flatMap((provider) =>
    provider[field].map((domain) => ({ provider, domain: readDomain(provider, domain) })),
  )
  return rows.sort((a, b) => b.domain.length - a.domain.length)
}

function readDomain(provider: Provider, text: string): string {
  const name = URL.canParse(`http://${text}`) ? new URL(`http://${text}`).hostname : ''
  const domain = name.endsWith('.') ? name.slice(0, -1) : name
  if (!/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(domain)) {
    throw new HindraError(
      'INVALID_CONFIG',
      `trace.providers: ${provider.name}: "${text}" is not a domain (subdomains are meant anyway)`,
    )
  }
  return domain
}

function readNetwork(provider: Provider, text: string): { base: Address; prefix: number } {
  if (!ipaddr.isValidCIDR(text)) {
    throw new HindraError(
      'INVALID_CONFIG',
      `trace.providers: ${provider.name}: "${text}" is not a CIDR block`,
    )
  }
  const [base, prefix] = ipaddr.parseCIDR(text)
  return { base, prefix }
}
