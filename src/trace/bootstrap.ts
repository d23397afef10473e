import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import type { PolicyFiles } from '../policy/index.ts'
import { HindraError } from '../errors.ts'

/** RFC 9224: `services` pairs lists of ranges, systems or top-level domains with base URLs. */
const registry = z.looseObject({
  services: z.array(z.tuple([z.array(z.string()), z.array(z.url())])),
})

export type RdapQuestion =
  | { readonly kind: 'ip'; readonly value: string }
  | { readonly kind: 'autnum'; readonly value: number }
  | { readonly kind: 'domain'; readonly value: string }

/** Which RDAP server knows. */
export interface Bootstrap {
  /** Base URL with a closing slash; undefined where no server is known. */
  server(question: RdapQuestion): string | undefined
}

/**
 * IANA's registries, as data: files of the same names from https://data.iana.org/rdap/ may take
 * their place. Throws INVALID_CONFIG.
 */
export function readBootstrap(files: PolicyFiles): Bootstrap {
  const [ipv4, ipv6, asn, dns] = ['ipv4', 'ipv6', 'asn', 'dns'].map((name) => {
    const { path, content } = files.read(`rdap/${name}.json`)
    const parsed = registry.safeParse(content)
    if (parsed.success) {
      return parsed.data.services.flatMap(([entries, urls]) =>
        entries.map((entry) => ({ entry, url: secureUrl(urls) })),
      )
    }
    throw new HindraError('INVALID_CONFIG', `${path} is no RDAP bootstrap registry (RFC 9224)`)
  })
  const networks = [...(ipv4 ?? []), ...(ipv6 ?? [])]
    .map(({ entry, url }) => ({ block: ipaddr.parseCIDR(entry), url }))
    .sort((a, b) => b.block[1] - a.block[1])
  const systems = (asn ?? [])
    .map(({ entry, url }) => {
      const [from = 0, to = from] = entry.split('-').map(Number)
      return { from, to, url }
    })
    .sort((a, b) => a.to - a.from - (b.to - b.from))
  const zones = new Map((dns ?? []).map(({ entry, url }) => [entry.toLowerCase(), url]))

  return {
    server(question) {
      if (question.kind === 'domain') {
        return zones.get(question.value.slice(question.value.lastIndexOf('.') + 1))
      }
      if (question.kind === 'autnum') {
        const { value } = question
        return systems.find(({ from, to }) => from <= value && value <= to)?.url
      }
      const address = ipaddr.process(question.value)
      return networks.find(
        ({ block }) => block[0].kind() === address.kind() && address.match(block),
      )?.url
    },
  }
}

function secureUrl(urls: readonly string[]): string {
  const url = urls.find((one) => one.startsWith('https:')) ?? urls[0] ?? ''
  return url.endsWith('/') ? url : `${url}/`
}
