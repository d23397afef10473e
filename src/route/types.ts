import type { CaseHost, Channel, Circumstances } from '../cases/index.ts'
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

/** Waits until the police say that it may go, or, at the latest, that many hours. */
export interface Hold {
  readonly until: 'police-release'
  readonly timeoutHours: number
}

/** One who is told of a case. */
export interface Recipient {
  /** Of its channel: the same for the same recipient of another case, `mail:abuse@host.example`. */
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
  readonly hold: Hold | null
  /** A contact that nobody has approved yet: nothing goes to it before a person does. */
  readonly needsApproval: boolean
  /** The rule of the policy that names it. */
  readonly rule: string
}

/** Who is told of a case, and why. */
export interface Decision {
  readonly rule: string
  readonly why: string
  /** `harmful`: no text may call it a crime. */
  readonly nature: 'illegal' | 'harmful'
  /** In order. */
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
  /** Up to and with the rule that decided. */
  readonly trials: readonly RuleTrial[]
  readonly decision: Decision
  /** The policy file that was read. */
  readonly policy: string
}

/** The law that a notice cites, and how it is written there. */
export interface Jurisdiction {
  readonly language: string
  readonly law: readonly { readonly en: string; readonly sv: string }[]
  readonly regulator: { readonly name: string; readonly address: string | null } | null
}
