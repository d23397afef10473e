import type { PersonLookUp } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import type { CaseHost, ContactSource } from '../cases/index.ts'
import { type Channel, CHANNELS, channelKey } from '../channels/index.ts'
import type { Config } from '../config.ts'
import type { Tip } from '../intake/index.ts'
import { own } from '../core/index.ts'
import type { Municipalities, PolicyFiles } from '../policy/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import { type Contact, type Contacts, createContacts, type SeenContact } from './contacts.ts'
import { factsOf } from './facts.ts'
import { fit } from './fits.ts'
import { readPolicy, ROUTES_FILE } from './policy.ts'
import { HOME, type Policy, type Rule, type ToldRecipient, UNKNOWN } from './policy-schema.ts'
import { candidateOf, type Reachable } from './recipients.ts'
import { readTables, type Tables } from './tables.ts'
import type { RoutingDecision, Explanation, Facts, Routed, RuleTrial } from './routing.ts'
import type { Jurisdiction, Law } from './law.ts'
import type { Approval, Recipient } from './recipient.ts'

export interface Router {
  /** Who is told of this case. Contacts that nobody has seen before are put down to be approved. */
  decide(tx: Transaction, by: string, entry: Routed, host: CaseHost): Promise<RoutingDecision>
  /** The same, changing nothing, with each rule that was tried. */
  explain(entry: Routed, host: CaseHost): Promise<Explanation>
  /** Whether a person agreed that somebody may be told this way, and what was decided. */
  approvalOf(
    tx: Transaction,
    found: Found & Pick<Recipient, 'role'>,
  ): Promise<{ readonly approval: Approval; readonly contact: Contact | null }>
  /** Who is told of what, as the house laid it down. */
  readonly policy: Policy
  /** The law that a notice cites there; of the European Union where the country has no file. */
  jurisdiction(country: string | null): Jurisdiction
  /** The Regulation that notices are given under; letters name it where somebody has confirmed what they say of it. */
  readonly digitalServicesAct: Law
  readonly contacts: Contacts
  /** What the municipality of a code is called; null where the table has none of that code (any more). */
  municipality(code: string): string | null
  /** What the policy calls the social services. */
  readonly socialServices: string
  /** The country of the house, and what is spoken there. */
  readonly home: { readonly country: string; readonly language: string }
  /** The addresses at which the policy reaches the police, in lower case: settings name them, so they are approved. */
  readonly policeAddresses: readonly string[]
  /** Whom the policy wants called at once where a child is in danger now (`inDanger.call`), in that order. */
  readonly calledInDanger: readonly DangerContact[]
  /**
   * The police who are told of a tip in words; undefined where the policy has no rule for such tips (`withoutUrl`).
   * A municipality decides nothing here: the police of a country find their own district.
   */
  policeFor(tip: Pick<Tip, 'country' | 'category' | 'inDangerNow'>): PoliceContact | undefined
}

/** A way of telling somebody, and where it was found. */
interface Found {
  readonly channel: Channel
  readonly source: ContactSource
}

/** Police as the policy names them. */
export interface PoliceContact extends DangerContact {
  /** The rule of the policy that named them. */
  readonly rule: string
  /** What letters call them. */
  readonly title: string
}

export interface DangerContact {
  /** The name in the policy: `police`. */
  readonly name: string
  /** The address from `route.addresses`; undefined where a person calls them. */
  readonly address: string | undefined
  /** BCP 47. */
  readonly language: string
}

/** The policy, the table of hotlines and the law of each country. */
export interface Routes {
  readonly policy: Policy
  readonly tables: Tables
  /** The path of the policy's file. */
  readonly path: string
}

/** Throws INVALID_CONFIG with every problem of a file at once. */
export function readRoutes(files: PolicyFiles): Routes {
  const { path } = files.read(ROUTES_FILE)
  return { policy: readPolicy(files), tables: readTables(files), path }
}

export function createRouter(
  context: Context,
  audit: Audit,
  options: {
    readonly settings: Config['route']
    readonly routes: Routes
    readonly municipalities: Municipalities
    readonly behind: PersonLookUp['behind']
  },
): Router {
  const { settings, routes, municipalities, behind } = options
  const { policy, tables } = routes
  const contacts = createContacts(context, audit, behind)
  const parts = { policy, tables, addresses: settings.addresses }

  return {
    contacts,
    policy,
    socialServices:
      Object.values(policy.recipients).find(({ role }) => role === 'social-services')?.name ??
      'social services',
    home: { country: policy.home, language: tables.jurisdiction(policy.home).language },
    policeAddresses: Object.entries(policy.recipients).flatMap(([name, { role }]) =>
      role === 'police' ? (own(settings.addresses, name)?.toLowerCase() ?? []) : [],
    ),
    calledInDanger: policy.inDanger.call.map((name) => ({
      name,
      address: own(settings.addresses, name),
      language: own(policy.recipients, name)?.language ?? 'en',
    })),
    policeFor({ country = UNKNOWN, category, inDangerNow }) {
      const rule = policy.withoutUrl.find(({ when = {} }) => {
        const places = country === policy.home ? [country, HOME] : [country]
        return (
          (when.country?.some((one) => places.includes(one)) ?? true) &&
          (when.category?.some((one) => one === category) ?? true) &&
          (when.inDangerNow ?? inDangerNow) === inDangerNow
        )
      })
      const named = rule && own(policy.recipients, rule.tell)
      if (rule === undefined || named === undefined) return undefined
      const { rule: ruleName, tell: name } = rule
      const { name: title, language } = named
      return { rule: ruleName, name, title, language, address: own(settings.addresses, name) }
    },
    async approvalOf(tx, { role, ...found }) {
      if (needsNobody(found)) return { approval: 'not-needed', contact: null }
      const contact = (await contacts.find(tx, channelKey(found.channel, role))) ?? null
      return { approval: contact?.state ?? 'unseen', contact }
    },
    jurisdiction: (country) => tables.jurisdiction(country),
    digitalServicesAct: tables.digitalServicesAct,
    municipality: nameOf,

    async decide(tx, by, entry, host) {
      const { rule, facts } = judge(entry, host)
      return decisionOf(tx, rule, facts, { entry, host }, (seen) => {
        contacts.add(tx, by, seen)
      })
    },

    explain: (entry, host) =>
      context.store.transact(async (tx) => {
        const { rule, facts, trials } = judge(entry, host)
        const decision = await decisionOf(tx, rule, facts, { entry, host }, () => undefined)
        return { facts, trials, decision, policy: routes.path }
      }),
  }

  function judge(entry: Routed, host: CaseHost): { rule: Rule; facts: Facts; trials: RuleTrial[] } {
    const facts = factsOf(entry, host, policy.home, tables)
    const trials: RuleTrial[] = []
    for (const rule of policy.rules) {
      const result = fit(rule.when, facts, policy.home)
      trials.push({ rule: rule.rule, ...result })
      if (result.fits) return { rule, facts, trials }
    }
    throw new Error('the last rule of a policy fits always')
  }

  async function decisionOf(
    tx: Transaction,
    rule: Rule,
    facts: Facts,
    { entry, host }: { readonly entry: Routed; readonly host: CaseHost },
    firstSeen: (contact: SeenContact) => void,
  ): Promise<RoutingDecision> {
    const keys = new Set<string>()

    async function reached(told: readonly ToldRecipient[]) {
      const recipients: Recipient[] = []
      const unreachable: string[] = []
      for (const { to, when, hold = null } of told) {
        if (!fit(when, facts, policy.home).fits) continue
        const municipal = await ofMunicipality(tx, to, entry)
        const candidate = municipal ?? candidateOf(to, host, parts)
        if ('unreachable' in candidate) {
          unreachable.push(candidate.unreachable)
          continue
        }
        const { recipient, source } = candidate
        if (keys.has(recipient.key)) continue
        keys.add(recipient.key)
        const needsNone = needsNobody({ channel: recipient.channel, source })
        const state = needsNone ? 'approved' : (await contacts.find(tx, recipient.key))?.state
        if (state === 'refused') {
          unreachable.push(`${to}: a person refused this contact`)
          continue
        }
        if (state === undefined) firstSeen({ ...recipient, source })
        const needsApproval = state !== 'approved'
        const { rule: name, priority } = rule
        recipients.push({ ...recipient, priority, hold, needsApproval, rule: name })
      }
      return { recipients, unreachable }
    }

    const first = await reached(rule.tell)
    const steps = rule.ladder ?? policy.ladder
    const later = await reached(steps.map((to) => ({ to, when: undefined, hold: undefined })))
    const { rule: name, why } = rule
    return { rule: name, why, nature: facts.nature, ...first, ladder: later.recipients }
  }

  /**
   * The social services of the place where the child lives: those of another municipality could do nothing
   * but pass it on. Without an address that the house approved a person tells them.
   */
  async function ofMunicipality(
    tx: Transaction,
    to: string,
    { circumstances: { childMunicipality: code } }: Routed,
  ): Promise<Reachable | undefined> {
    const named = own(policy.recipients, to)
    if (named?.role !== 'social-services' || code === null) return undefined
    const { role, language, jurisdiction } = named
    const contact = await contacts.ofMunicipality(tx, code)
    const name = contact?.name ?? `${named.name}, ${nameOf(code) ?? code}`
    const channel = contact?.channel ?? ({ kind: 'by-hand' } as const)
    const key = contact ? channelKey(channel, role) : `by-hand:${role}:${code}`
    return { recipient: { key, role, name, channel, language, jurisdiction }, source: 'house' }
  }

  function nameOf(code: string): string | null {
    return municipalities.of(code)?.name ?? null
  }

  /** Named by the house itself, or told by a person, or by a file for a body that has no address. */
  function needsNobody({ channel: { kind }, source }: Found): boolean {
    const isOurs = source === 'override' || source === 'settings' || source === 'house'
    return !settings.approveContacts || isOurs || CHANNELS[kind].leaves !== 'posted'
  }
}
