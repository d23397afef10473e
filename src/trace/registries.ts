import type { CaseHost, ContactSource, HostContact } from '../cases/index.ts'
import { isoTime, type Clock } from '../core/index.ts'
import type { Fetcher } from '../intake/index.ts'
import type { RdapQuestion } from './bootstrap.ts'
import type { Note } from './chain.ts'
import { networkHolding } from './network.ts'
import type { Rdap, RdapOutcome } from './rdap.ts'
import { securityContact } from './security-txt.ts'

/** A contact by mail that a look-up gave. */
interface Found {
  readonly name: string
  readonly mail: string
  readonly source: ContactSource
}

export interface Registered {
  /** Who runs the network of the address, else the autonomous system. */
  readonly host: Found | undefined
  /** The country as the network is registered. */
  readonly country: string | null
  /** What is registered to the host as one network; null where that is somebody else's, or not known. */
  readonly network: string | null
  readonly others: readonly HostContact[]
}

/** Asks those who keep registers of addresses, systems and names, and the site itself. */
export function createRegistries(parts: {
  readonly clock: Clock
  readonly rdap: Rdap
  readonly fetcher: Fetcher
}) {
  const { clock, rdap, fetcher } = parts

  return async function registered(
    subject: {
      readonly address: string | undefined
      readonly asn: number | null
      /** Registrable domain, where the URL has a name below a public suffix. */
      readonly domain: string | undefined
      /** False where a table has told already who the host is. */
      readonly asksHost: boolean
    },
    note: Note,
  ): Promise<Registered> {
    const { address, asn, domain, asksHost } = subject
    const [network, system, zone, site] = await Promise.all([
      address !== undefined && asksHost ? ask({ kind: 'ip', value: address }, note) : undefined,
      asn === null ? undefined : ask({ kind: 'autnum', value: asn }, note),
      domain === undefined ? undefined : ask({ kind: 'domain', value: domain }, note),
      domain === undefined
        ? undefined
        : securityContact(domain, { fetcher, note, nowIso: isoTime(clock.now()) }),
    ])
    const upstream = contactOf(system, 'rdap-as')
    const owner = ownerOf(domain, site)
    // A guess is no answer to a question that a registry could not be asked just now.
    const isSure =
      network !== undefined && network.state !== 'unknown' && system?.state !== 'unknown'
    const holder = contactOf(network, 'rdap-ip')
    const host = holder ?? upstream ?? (isSure ? owner : undefined)
    const { answer } = network?.state === 'found' ? network : { answer: undefined }
    return {
      host,
      country: answer?.country ?? null,
      network:
        holder === undefined || address === undefined || !answer?.network
          ? null
          : networkHolding(answer.network, address),
      others: [
        ...other('site-owner', owner),
        ...other('registrar', registrarOf(zone)),
        ...other('upstream', upstream),
      ].filter(({ channel }) => channel.kind !== 'mail' || channel.address !== host?.mail),
    }
  }

  async function ask(question: RdapQuestion, note: Note): Promise<RdapOutcome> {
    const result = await rdap.ask(question)
    const asked = `${question.kind} ${question.value}`
    if (result.state !== 'found') {
      note('rdap', asked, result.why)
      return result
    }
    const { name, country, network, abuse, registrar } = result.answer
    const told = [
      name ?? 'no name',
      ...(network === null ? [] : [`${network.first} - ${network.last}`]),
      ...(country === null ? [] : [country]),
      abuse.length === 0 ? 'no abuse contact' : `abuse: ${abuse.join(', ')}`,
      ...(registrar === null
        ? []
        : [`registrar: ${registrar.name} ${registrar.abuse.join(', ')}`.trim()]),
    ]
    note('rdap', asked, `${told.join('; ')} (${result.server})`)
    return result
  }
}

function contactOf(result: RdapOutcome | undefined, source: ContactSource): Found | undefined {
  if (result?.state !== 'found') return undefined
  const { name, abuse } = result.answer
  const [mail] = abuse
  return mail === undefined ? undefined : { name: name ?? mail, mail, source }
}

function registrarOf(result: RdapOutcome | undefined): Found | undefined {
  const registrar = result?.state === 'found' ? result.answer.registrar : null
  const [mail] = registrar?.abuse ?? []
  if (registrar === null || mail === undefined) return undefined
  return { name: registrar.name, mail, source: 'rdap-domain' }
}

/** RFC 2142 asks every domain for an `abuse` mailbox. */
function ownerOf(domain: string | undefined, site: string | undefined): Found | undefined {
  if (domain === undefined) return undefined
  if (site !== undefined) return { name: domain, mail: site, source: 'security.txt' }
  return { name: domain, mail: `abuse@${domain}`, source: 'abuse-mailbox' }
}

function other(role: HostContact['role'], found: Found | undefined): CaseHost['contacts'] {
  if (found === undefined) return []
  const { name, mail, source } = found
  return [{ role, name, channel: { kind: 'mail', address: mail }, source }]
}
