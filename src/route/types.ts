import type { CaseHost, Circumstances } from '../cases/index.ts'
import type { Channel } from '../channels/index.ts'
import type { Classification } from '../register/index.ts'

export type RecipientRole =
  | 'police'
  | 'host'
  | 'platform'
  | 'proxy'
  | 'hotline'
  | 'interpol'
  | 'social-services'
  | 'site-owner'
  | 'registrar'
  | 'upstream'
  | 'regulator'

export const CONTACT_STATES = ['pending', 'approved', 'refused'] as const
export type ContactState = (typeof CONTACT_STATES)[number]

/** Waits until the police say that it may go, or, at the latest, that many hours. */
export interface HoldRule {
  readonly until: 'police-release'
  readonly timeoutHours: number
}

/** One who is told of a case. */
export interface Recipient {
  /** The key of its channel: the same for the same recipient of another case, `mail:abuse@host.example`. */
  readonly key: string
  readonly role: RecipientRole
  readonly name: string
  readonly channel: Channel
  /** BCP 47. */
  readonly language: string
  /** Whose law is cited (ISO 3166-1), null where unknown. */
  readonly jurisdiction: string | null
  /** 1 is the most urgent. */
  readonly priority: 1 | 2 | 3
  readonly hold: HoldRule | null
  /** A contact that nobody has approved yet: nothing goes to it before a person does. */
  readonly needsApproval: boolean
  /** The rule of the policy that names it. */
  readonly rule: string
}

/** Who is told of a case, and why. */
export interface RoutingDecision {
  readonly rule: string
  readonly why: string
  /** `harmful`: no text may call it a crime. */
  readonly nature: 'illegal' | 'harmful'
  /** The recipients in order. */
  readonly recipients: readonly Recipient[]
  /** Who is told later, one after the other, where nothing happens. */
  readonly ladder: readonly Recipient[]
  /** Whom the rule names first and nobody can reach, with the reason. */
  readonly unreachable: readonly string[]
}

/** What the rules look at. Countries are ISO 3166-1 alpha-2, null where unknown. */
export interface Facts {
  readonly nature: 'illegal' | 'harmful'
  readonly classification: Classification
  readonly ownRequest: boolean
  readonly account: boolean
  readonly referral: boolean
  /** A child is in danger at this moment, as far as is known. */
  readonly inDangerNow: boolean
  /** The municipality where the child lives is known. */
  readonly municipality: boolean
  readonly child: string | null
  readonly offender: string | null
  readonly host: CaseHost['kind']
  readonly hostName: string
  readonly country: string | null
  /** An INHOPE hotline other than our own works in the country of the host. */
  readonly hotline: boolean
}

/** What of a case the router needs. */
export interface Routed {
  readonly classification: Classification
  readonly circumstances: Circumstances
}

/** One rule and whether it fits: what `hindra route explain` prints. */
export interface RuleTrial {
  readonly rule: string
  readonly fits: boolean
  /** Each condition with what was found. */
  readonly because: readonly string[]
}

export interface Explanation {
  readonly facts: Facts
  /** The trials of rules, up to and with the one that decided. */
  readonly trials: readonly RuleTrial[]
  readonly decision: RoutingDecision
  /** The policy file that was read. */
  readonly policy: string
}

/** A law by its words in each language that notices are written in; of an article, those that follow "contrary to". */
export interface Law {
  readonly en: string
  readonly sv: string
  /** The day on which its words were compared with the law itself, YYYY-MM-DD; null where nobody has. */
  readonly asOf: string | null
  /** Who answers for it, a lawyer's name: no letter cites what nobody has confirmed. */
  readonly confirmedBy: string | null
}

/** The law of a country as notices may cite it, and how it is written there. */
export interface Jurisdiction {
  /** The name of the file: `SE`, or `EU` where the country has none. */
  readonly name: string
  readonly language: string
  /** Confirmed or not; `confirmedLaws` are those that may be cited. */
  readonly law: readonly Law[]
  readonly regulator: { readonly name: string; readonly address: string | null } | null
}
