import type { CaseHost, Circumstances } from '../cases/index.ts'
import type { Classification } from '../register/index.ts'
import type { Recipient } from './recipient.ts'

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
  /** The same in no language; none where the rule fits always. */
  readonly conditions: readonly ConditionTrial[]
}

/** One condition of a rule: what it wants, one of several perhaps, and what was found. */
export interface ConditionTrial {
  readonly name: keyof Facts
  readonly fits: boolean
  readonly wanted: readonly string[]
  readonly found: string
}

export interface Explanation {
  readonly facts: Facts
  /** The trials of rules, up to and with the one that decided. */
  readonly trials: readonly RuleTrial[]
  readonly decision: RoutingDecision
  /** The policy file that was read. */
  readonly policy: string
}
