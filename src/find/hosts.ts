import type { People } from '../access/index.ts'
import type { Assignments } from '../assignments/index.ts'
import type { CaseHost, Cases } from '../cases/index.ts'
import { channelKey, channelText } from '../channels/index.ts'
import { HindraError } from '../errors.ts'
import type { Router } from '../route/index.ts'
import { type Context, type Transaction, unlessDamaged } from '../store/index.ts'
import type { Notice, Takedown } from '../takedown/index.ts'
import type { Overrides } from '../trace/index.ts'
import { createSurvey, knownHost } from './host-survey.ts'
import type { HostAnswer, HostDetail, HostFilter, ReachedContact } from './host-types.ts'

const SHOWN_MAX = 50
const OVERRIDES_MAX = 1_000
/** 128 bits of a keyed digest: enough that no two names are one. */
const ID_CHARS = 32

/** Whoever hosts or hosted what was found: what they were told, how fast they acted, what came back. */
export interface Hosts {
  list(filter: HostFilter): Promise<HostAnswer>
  /** Throws NOT_FOUND. */
  show(id: string): Promise<HostDetail>
  /** The id of a host of this name. */
  idOf(name: string): string
}

export interface HostParts {
  readonly cases: Pick<Cases, 'facts' | 'read' | 'hostOf'>
  readonly takedown: Pick<Takedown, 'facts' | 'read'>
  readonly router: Pick<Router, 'approvalOf'>
  readonly overrides: Pick<Overrides, 'list'>
  readonly assignments: Pick<Assignments, 'beside'>
  readonly access: Pick<People, 'pseudonyms'>
}

/** Goes through all notices and all cases for every question, as figures do: what is known of each is kept in memory. */
export function createHosts(
  { store, sealer }: Pick<Context, 'store' | 'sealer'>,
  parts: HostParts,
): Hosts {
  const { cases, takedown, router, overrides, assignments, access } = parts
  const idOf = (name: string) => sealer.digest('host', name).slice(0, ID_CHARS)

  return {
    idOf,

    async list({ after, limit, ...filter }) {
      const { hosts } = await store.transact((tx) => surveyed(tx))
      const found = Array.from(hosts.values(), (host) => knownHost(idOf(host.name), host))
        .filter((host) => isOf(filter, host))
        .sort((a, b) => b.open - a.open || b.cases - a.cases || (a.name < b.name ? -1 : 1))
      const start = found.findIndex(({ id }) => id === after) + 1
      const rows = found.slice(start, start + limit)
      const hasMore = start + limit < found.length
      return { rows, count: found.length, next: hasMore ? (rows.at(-1)?.id ?? null) : null }
    },

    async show(id) {
      const known = await store.transact(async (tx) => {
        const { hosts, traced } = await surveyed(tx)
        const host = [...hosts.values()].find(({ name }) => idOf(name) === id)
        if (host === undefined) {
          throw new HindraError('NOT_FOUND', { says: 'host-unknown' }, { field: 'id' })
        }
        const reached = new Map<string, Reached>()
        const overridden = new Set<string>()
        let latest: CaseHost | null = null
        for (const one of traced.get(host.name) ?? []) {
          const found = await unlessDamaged(cases.hostOf(tx, one))
          if (found === undefined || found === null) continue
          collect(reached, found)
          if (one === host.latest?.caseId) latest = found
          for (const { step, question } of found.evidence) {
            if (step === 'override') overridden.add(question)
          }
        }
        return {
          host,
          latest,
          overridden,
          contacts: await contactsOf(tx, [...reached.values()]),
          openCases: await newest(host.open, (one) => cases.read(tx, one)),
          notices: await newest<Notice>(host.notices, (one) => takedown.read(tx, one)),
        }
      })
      const { host, latest, overridden, contacts, openCases, notices } = known
      const said = await overrides.list({ limit: OVERRIDES_MAX })
      return {
        ...knownHost(id, host),
        found: foundOf(latest),
        contacts,
        overrides: said.filter((one) => one.name === host.name || overridden.has(one.host)),
        openCases: await assignments.beside('case', openCases),
        notices,
        noticeCount: host.notices.length,
      }
    },
  }

  async function surveyed(tx: Transaction) {
    const survey = createSurvey()
    await takedown.facts(tx, (row) => {
      survey.addNotice(row)
    })
    await cases.facts(tx, (row) => {
      survey.addCase(row)
    })
    return survey
  }

  async function contactsOf(
    tx: Transaction,
    reached: readonly Reached[],
  ): Promise<readonly ReachedContact[]> {
    const shown: ReachedContact[] = []
    for (const { channel, ...one } of reached) {
      const { approval, contact } = await router.approvalOf(tx, { channel, ...one })
      const by = contact?.decidedBy ?? null
      const names = await access.pseudonyms(tx, by === null ? [] : [by])
      const decider = by === null ? null : (names.get(by) ?? null)
      const address = channel.kind === 'mail' ? channel.address : channelText(channel)
      shown.push({ ...one, address, approval, contact: contact && { ...contact, decider } })
    }
    return shown
  }
}

type Reached = Omit<CaseHost['contacts'][number], 'role'> &
  Pick<ReachedContact, 'role' | 'tracedAt'>

/** Puts down who could be told of one case, each way of telling once and as it was found last. */
function collect(reached: Map<string, Reached>, host: CaseHost): void {
  const { kind, name, channel, contactSource: source, tracedAt } = host
  const role = kind === 'platform' || kind === 'proxy' ? kind : 'host'
  const own = channel === null || source === null ? [] : [{ role, name, channel, source } as const]
  for (const one of [...own, ...host.contacts]) {
    const key = `${one.role} ${channelKey(one.channel, one.role)}`
    const before = reached.get(key)
    if (before === undefined || before.tracedAt < tracedAt) reached.set(key, { ...one, tracedAt })
  }
}

function foundOf(latest: CaseHost | null): HostDetail['found'] {
  if (latest === null) return null
  const { kind, asn, network = null, addresses, tracedAt } = latest
  return { kind, asn, network, addresses, tracedAt }
}

/** The records of the last ids, the newest first; what is damaged is told of elsewhere. */
async function newest<Shown>(
  ids: readonly string[],
  read: (id: string) => Promise<Shown>,
): Promise<readonly Shown[]> {
  const found: Shown[] = []
  for (const id of ids.slice(-SHOWN_MAX).reverse()) {
    const one = await unlessDamaged(read(id))
    if (one !== undefined) found.push(one)
  }
  return found
}

function isOf(
  { name, country, open, returned }: Omit<HostFilter, 'after' | 'limit'>,
  host: HostAnswer['rows'][number],
): boolean {
  return (
    (name === undefined || plain(host.name).includes(plain(name))) &&
    (country === undefined || host.country === country) &&
    (open === undefined || host.open > 0 === open) &&
    (returned === undefined || host.returned > 0 === returned)
  )
}

/** As a search compares it: width and case aside. */
function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}
