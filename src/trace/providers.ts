import ipaddr from 'ipaddr.js'
import { isWithinDomain } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Provider } from './types.ts'

type Address = ReturnType<typeof ipaddr.process>

/** A row of the table and what of it matched: a domain, or a CIDR block and the address in it. */
export interface ProviderMatch {
  readonly provider: Provider
  readonly matched: string
}

export interface ProviderTable {
  /** The provider of the most specific domain that holds the host; ties go to the earlier row. */
  byDomain(host: string): ProviderMatch | undefined
  /** The provider of the longest prefix that holds one of the addresses; ties as above. */
  byNetwork(addresses: readonly string[]): ProviderMatch | undefined
}

/** Reads the operator's table once. Throws INVALID_CONFIG naming the row. */
export function readProviders(providers: readonly Provider[]): ProviderTable {
  const domains = providers.flatMap((provider) =>
    provider.domains.map((domain) => ({ provider, domain: readDomain(provider, domain) })),
  )
  const networks = providers.flatMap((provider) =>
    provider.networks.map((network) => ({ provider, ...readNetwork(provider, network) })),
  )
  domains.sort((a, b) => b.domain.length - a.domain.length)
  networks.sort((a, b) => b.prefix - a.prefix)

  return {
    byDomain(host) {
      const row = domains.find(({ domain }) => isWithinDomain(host, domain))
      return row && { provider: row.provider, matched: row.domain }
    },
    byNetwork(addresses) {
      const parsed = addresses
        .filter((text) => ipaddr.isValid(text))
        .map((text) => ipaddr.process(text))
      for (const { provider, base, prefix } of networks) {
        const address = parsed.find((one) => one.kind() === base.kind() && one.match(base, prefix))
        if (address === undefined) continue
        return { provider, matched: `${base.toString()}/${prefix} holds ${address.toString()}` }
      }
      return undefined
    },
  }
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
