import type { CaseHost, ContactSource } from '../cases/index.ts'
import { type Channel, channelKey } from '../channels/index.ts'
import { own } from '../core/index.ts'
import type { Policy } from './policy-schema.ts'
import type { Tables } from './tables.ts'
import type { Recipient, RecipientRole } from './recipient.ts'

/** Somebody whom a rule names, and where the way there was found. */
export interface Reachable {
  readonly recipient: Omit<Recipient, 'priority' | 'hold' | 'rule' | 'needsApproval'>
  readonly source: ContactSource
}

/** Whoever can be told, or why nobody can. */
type Candidate = Reachable | { readonly unreachable: string }

/** What a name of the policy stands for in this case. */
export function candidateOf(
  to: string,
  host: CaseHost,
  parts: {
    readonly policy: Policy
    readonly tables: Tables
    /** Name in the policy to mail address. */
    readonly addresses: Readonly<Record<string, string>>
  },
): Candidate {
  const { policy, tables, addresses } = parts
  const { country } = host

  function reached(
    role: RecipientRole,
    name: string,
    channel: Channel,
    source: ContactSource,
    place: { language: string; jurisdiction: string | null } = {
      language: tables.jurisdiction(country).language,
      jurisdiction: country,
    },
  ): Candidate {
    const key = channelKey(channel, role)
    return { recipient: { key, role, name, channel, ...place }, source }
  }

  switch (to) {
    case 'host': {
      if (host.channel === null || host.contactSource === null) {
        return { unreachable: 'host: no contact is known' }
      }
      const role = host.kind === 'platform' || host.kind === 'proxy' ? host.kind : 'host'
      return reached(role, host.name, host.channel, host.contactSource)
    }
    case 'hotline': {
      const hotline = country === null ? undefined : tables.hotline(country)
      if (country === null || hotline === undefined) {
        return { unreachable: 'hotline: no INHOPE hotline is known in the country of the host' }
      }
      return reached('hotline', hotline, { kind: 'iccam-export', country }, 'table', {
        language: 'en',
        jurisdiction: country,
      })
    }
    case 'interpol':
      return reached('interpol', 'INTERPOL', { kind: 'interpol-export' }, 'table', {
        language: 'en',
        jurisdiction: null,
      })
    case 'regulator': {
      const { regulator } = tables.jurisdiction(country)
      const address = regulator?.address ?? null
      if (regulator === null || address === null) {
        return { unreachable: 'regulator: no address is in the file of the jurisdiction' }
      }
      const channel = { kind: 'mail', address } as const
      return reached('regulator', regulator.name, channel, 'settings')
    }
    case 'site-owner':
    case 'registrar':
    case 'upstream': {
      const contact = host.contacts.find(({ role }) => role === to)
      if (contact === undefined) return { unreachable: `${to}: no contact is known` }
      return reached(to, contact.name, contact.channel, contact.source)
    }
    default: {
      const named = own(policy.recipients, to)
      if (named === undefined) return { unreachable: `${to}: not in the policy` }
      const address = own(addresses, to)
      const channel: Channel =
        address === undefined ? { kind: 'by-hand' } : { kind: 'mail', address }
      return reached(named.role, named.name, channel, 'settings', named)
    }
  }
}
