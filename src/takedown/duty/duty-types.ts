import type { ErrandKind } from '../errands/errand-types.ts'
import type { Language } from '../notice.ts'

/** What somebody is called about: a reference, and nothing of what it says. */
export interface CalledAbout {
  readonly kind: 'case' | ErrandKind
  readonly id: string
}

/**
 * `in-danger`: a child is in danger now, as a tip or an analyst says. `hold-ends`: the police have not answered.
 * `waits`: something waits for a person; `waits-urgently`: and does not bear the wait for a digest.
 */
export const CALL_REASONS = ['in-danger', 'hold-ends', 'waits', 'waits-urgently'] as const
export type CallReason = (typeof CALL_REASONS)[number]

/** Whoever is on duty in the house. */
export const DESK = 'duty'
/** The same people, as they are told of what waits: by mails of its own, so that it never delays a call. */
export const DIGEST = 'duty-digest'

/** Somebody who is called: the house's own desk, or whom the policy names beside it. */
export interface Called {
  /** `duty`, `duty-digest`, or the name of a recipient in the policy. */
  readonly name: string
  /** Undefined where no address is set: the call waits, and whoever looks after Hindra is told. */
  readonly address: string | undefined
  readonly language: Language
}

/** One call to one of them. */
export interface CallClear {
  /** Name of the called. */
  readonly to: string
  readonly reason: CallReason
  readonly about: CalledAbout
  readonly at: string
  /** Whom the desk must telephone, since no address of theirs is set; of a call to the desk alone. */
  readonly telephone: readonly string[]
}

/** What became of a round of calling. */
export interface CallReport {
  readonly mails: number
  readonly calls: number
  /** One line each, without an address. */
  readonly problems: readonly string[]
}
