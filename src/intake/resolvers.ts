import { Resolver as DnsResolver } from 'node:dns/promises'
import { HindraError } from '../errors.ts'
import { literalAddress } from './addresses.ts'
import type { Resolver } from './fetched.ts'

const DNS_TIMEOUT_MS = 3_000
const DNS_TRIES = 2

/**
 * Asks the name servers of this machine (or those given, `address:port`), IPv4 answers first. Not
 * getaddrinfo: that would also believe /etc/hosts and search domains, where only private names are,
 * and would hold a thread that decoding needs.
 */
export function systemResolver(servers?: readonly string[]): Resolver {
  const dns = new DnsResolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES })
  if (servers !== undefined) dns.setServers(servers)
  return {
    async resolve(hostname) {
      const literal = literalAddress(hostname)
      if (literal !== undefined) return [literal]
      const answers = await Promise.allSettled([dns.resolve4(hostname), dns.resolve6(hostname)])
      const addresses = answers.flatMap((answer) =>
        answer.status === 'fulfilled' ? answer.value : [],
      )
      if (addresses.length > 0) return addresses
      const failed = answers.find((answer) => answer.status === 'rejected')
      throw notFound((failed?.reason as { code?: string } | undefined)?.code)
    },
    async alias(hostname) {
      const [name] = await dns.resolveCname(hostname).catch(() => [])
      return name?.toLowerCase() ?? null
    },
    texts: (hostname) => dns.resolveTxt(hostname),
  }
}

function notFound(code = 'ENOTFOUND'): HindraError {
  return new HindraError('FETCH_FAILED', `DNS gave no address (${code})`)
}
