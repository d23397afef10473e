import type { Channel } from '../channels/index.ts'

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

/**
 * Whether somebody may be told. `not-needed`: the house named them itself, or no machine tells them. `unseen`: no notice
 * has asked for them yet.
 */
export type Approval = ContactState | 'not-needed' | 'unseen'

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
