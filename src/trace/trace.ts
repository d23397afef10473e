import ipaddr from 'ipaddr.js'
import { parse } from 'tldts'
import type { ContactSource } from '../cases/index.ts'
import type { Channel } from '../channels/index.ts'
import type { Config } from '../config.ts'
import { type Clock, HOUR_MS, isoTime, isWithinDomain } from '../core/index.ts'
import type { PolicyFiles } from '../policy/index.ts'
import { HindraError } from '../errors.ts'
import type { Fetcher, Resolver } from '../intake/index.ts'
import { readBootstrap } from './bootstrap.ts'
import { evidenceChain, type Note } from './chain.ts'
import type { IpTables } from './ip-tables.ts'
import { followName } from './dns-names.ts'
import type { OriginOf } from './origin.ts'
import type { Denials } from './denials.ts'
import type { Override, Overrides } from './overrides.ts'
import { knownProviders } from './provider-file.ts'
import { channelOf, type FoundProvider, readProviders, type Whereabouts } from './providers.ts'
import { createRdap } from './rdap.ts'
import { createRegistries } from './registries.ts'
import { sayChannel, sayMatch, sayOverride } from './said.ts'
import type { Host, Provider } from './host.ts'

/** Hosts kept in memory; the oldest look-up leaves first. */
const CACHED_HOSTS_MAX = 10_000
const NOBODY = { host: undefined, country: null, network: null, others: [] } as const

export interface Trace {
  /**
   * Who can remove what this URL shows: by the analyst's override, the operator's table, the known
   * proxies and platforms, else by who runs the network. An answer is believed for
   * `trace.cacheHours`; `fresh` looks it up again. A host of which only the country is known has no
   * channel. Throws NO_CONTACT where nothing is known, URL_INVALID.
   */
  find(url: string, options?: { readonly fresh?: boolean }): Promise<Host>
}

/** The trace, which knows the operator's table alone where its optional parts are not there. Throws INVALID_CONFIG. */
export function createTrace(
  context: { readonly clock: Clock },
  options: {
    readonly settings: Config['trace']
    readonly resolver: Resolver
    readonly overrideOf?: Overrides['find']
    /** Who has said of a host that it is none of theirs; absent: nobody. */
    readonly isDenied?: Denials['has']
    /** Tables of proxies and platforms, and of RDAP servers. */
    readonly files?: PolicyFiles
    readonly tables?: IpTables
    /** What fetches for RDAP and sites: its limits are those of such answers. */
    readonly fetcher?: Fetcher
    /** Asked what is behind a proxy; absent: nobody is. */
    readonly originOf?: OriginOf
  },
): Trace {
  const { clock } = context
  const { settings, resolver, overrideOf, isDenied, files, tables, fetcher, originOf } = options
  const own = readProviders(settings.providers)
  // Whoever is told by an API alone that nobody calls is as if he were not in the table.
  const callable = (provider: Provider) => channelOf(provider, settings.apis) !== null
  const known = readProviders(files === undefined ? [] : knownProviders(files).filter(callable))
  const registered =
    files === undefined || fetcher === undefined || !settings.registries
      ? () => Promise.resolve(NOBODY)
      : createRegistries({
          clock,
          fetcher,
          rdap: createRdap({ clock, fetcher, bootstrap: readBootstrap(files) }),
        })
  const cache = new Map<string, { readonly atMs: number; readonly host: Host }>()

  return {
    async find(url, { fresh = false } = {}) {
      const name = hostName(url)
      const override = await overrideOf?.(name)
      // What an analyst has changed since counts at once.
      const key = `${name} ${override?.id ?? ''}`
      const cached = cache.get(key)
      const age = cached === undefined ? Infinity : clock.now() - cached.atMs
      if (!fresh && cached !== undefined && age >= 0 && age < settings.cacheHours * HOUR_MS) {
        return cached.host
      }
      cache.delete(key)
      const host = await lookUp(name, override)
      remember(key, host)
      return host
    },
  }

  async function lookUp(name: string, override: Override | undefined): Promise<Host> {
    const { evidence, note } = evidenceChain(clock)
    const finished = (found: Omit<Host, 'abuseContact' | 'evidence' | 'tracedAt'>): Host => ({
      ...found,
      abuseContact: found.channel?.kind === 'mail' ? found.channel.address : '',
      evidence,
      tracedAt: isoTime(clock.now()),
    })
    if (name.endsWith('.onion')) {
      note('onion', name, 'an onion service: nobody can tell where it is')
      const nobody = { country: null, asn: null, network: null } as const
      return finished({
        name,
        kind: 'onion',
        ...nobody,
        channel: null,
        contactSource: null,
        contacts: [],
        addresses: [],
      })
    }

    const dns = await followName(name, resolver, note)
    if (override !== undefined) note('override', override.host, sayOverride(override))
    const origin = override?.origin ?? []
    let place = await placed(name, origin.length > 0 ? { addresses: origin } : dns, note)
    if (place.isProxy && origin.length === 0) {
      const told = (await originOf?.(name, note)) ?? []
      if (told.length > 0) place = await placed(name, { addresses: told }, note)
    }
    const { addresses, public_, tableCountry, asn, row, denied, isProxy } = place
    // Whoever said that it is not theirs was told: that nobody else is known is an answer.
    const isKnown = [row, denied, override].some((one) => one !== undefined)
    if (addresses.length === 0 && !isKnown) {
      throw unknown(addresses)
    }
    const register = await registered(
      {
        address: public_,
        asn: isProxy ? null : asn,
        domain: registrableDomain(name),
        asksHost: row === undefined && override?.abuseContact === undefined,
      },
      note,
    )

    const { name: title, channel, source } = contact()
    if (channel !== null) note('contact', name, `${title} (${source}): ${sayChannel(channel)}`)
    const country =
      override?.country ??
      row?.match.provider.country ??
      // Where a proxy is says nothing of the host behind it.
      (isProxy ? null : (tableCountry ?? register.country))
    if (channel === null && country === null && denied === undefined) throw unknown(addresses)
    const kind =
      override?.abuseContact === undefined ? (row?.match.provider.kind ?? 'provider') : 'provider'
    return finished({
      name: title,
      kind,
      country,
      asn,
      channel,
      contactSource: source,
      network: register.network,
      contacts: register.others,
      addresses,
    })

    function contact(): { name: string; channel: Channel | null; source: ContactSource | null } {
      if (override?.abuseContact !== undefined) {
        const mail = { kind: 'mail', address: override.abuseContact } as const
        return { name: override.name ?? name, channel: mail, source: 'override' }
      }
      if (row !== undefined) {
        const { provider } = row.match
        const way = channelOf(provider, settings.apis)
        return { name: provider.name, channel: way, source: way === null ? null : row.source }
      }
      const { host } = register
      // Whoever said that it is none of theirs is not asked at another of their addresses.
      const isTheirs =
        host && denied?.domains.some((one) => isWithinDomain(domainOf(host.mail), one))
      if (host === undefined || isTheirs === true)
        return { name: override?.name ?? name, channel: null, source: null }
      return { name: host.name, channel: { kind: 'mail', address: host.mail }, source: host.source }
    }
  }

  /** The host without aliases for an origin: what stands before it is not who removes it. */
  async function placed(
    name: string,
    { addresses, aliases = [] }: { addresses: readonly string[]; aliases?: readonly string[] },
    note: Note,
  ) {
    const public_ = addresses.find(isPublic)
    const { country: tableCountry, asn } = await placeOf(public_, note)
    const found = rowFor({ name, aliases, addresses, asn }, note)
    const denied = found && (await denierOf(found.match.provider, name, addresses))
    if (denied !== undefined) note('provider', name, `${denied.name} says that it is not theirs`)
    const row = denied === undefined ? found : undefined
    const isProxy = row?.match.provider.kind === 'proxy'
    return { addresses, public_, tableCountry, asn, row, denied, isProxy }
  }

  /** The provider, where its API has said of this host that it is none of theirs. */
  async function denierOf(
    provider: Provider,
    name: string,
    addresses: readonly string[],
  ): Promise<Provider | undefined> {
    const way = channelOf(provider, settings.apis)
    if (way?.kind !== 'http-api') return undefined
    return (await isDenied?.({ api: way.api, name, addresses })) === true ? provider : undefined
  }

  async function placeOf(address: string | undefined, note: Note) {
    if (tables === undefined || address === undefined) return { country: null, asn: null }
    const country = tables.country(address)
    note('country', address, `${country.value ?? 'not in the table'} (${country.table})`)
    const system = await tables.system(address)
    const said = system.value && `AS${system.value.asn} ${system.value.name}`
    note('system', address, `${said ?? 'not in the table'} (${system.table})`)
    return { country: country.value ?? null, asn: system.value?.asn ?? null }
  }

  function rowFor(
    where: Whereabouts,
    note: Note,
  ): { match: FoundProvider; source: ContactSource } | undefined {
    const ours = own.find(where)
    const match = ours ?? known.find(where)
    note('provider', where.name, match ? sayMatch(match) : 'in no table')
    return match && { match, source: ours === undefined ? 'table' : 'settings' }
  }

  function remember(key: string, host: Host): void {
    const [oldest] = cache.keys()
    if (cache.size >= CACHED_HOSTS_MAX && oldest !== undefined) cache.delete(oldest)
    cache.set(key, { atMs: clock.now(), host })
  }
}

function domainOf(mail: string): string {
  return mail.slice(mail.lastIndexOf('@') + 1).toLowerCase()
}

function unknown(addresses: readonly string[]): HindraError {
  const why = addresses.length === 0 ? 'its name has no address' : 'it is in no known network'
  return new HindraError('NO_CONTACT', { says: 'host-unfound', why })
}

/** Whether an address is of the internet: no register knows of private and special ones. */
function isPublic(address: string): boolean {
  return ipaddr.process(address).range() === 'unicast'
}

/** Undefined for an address, and for names of tests and inner networks, which nobody registers. */
export function registrableDomain(name: string): string | undefined {
  const { domain, isIcann, isPrivate } = parse(name, { allowPrivateDomains: true })
  return domain !== null && (isIcann === true || isPrivate === true) ? domain : undefined
}

function hostName(url: string): string {
  if (!URL.canParse(url)) {
    throw new HindraError('URL_INVALID', 'the URL cannot be parsed', { field: 'url' })
  }
  return new URL(url).hostname.replace(/^\[|\]$|\.$/g, '')
}
