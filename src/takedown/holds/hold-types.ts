/** Who said it: the routing policy, a person of the house, or the police by mail. */
export type HoldVoice = 'policy' | 'person' | 'reply'

export const HOLD_WISHES = ['wait', 'release', 'forbid'] as const
/** `wait`: until a moment. `release`: the host may be told. `forbid`: it may not, until somebody lifts that. */
export type HoldWish = (typeof HOLD_WISHES)[number]

/**
 * Why a reply changed nothing. `unproven`: neither signed by the domain of the police nor with the word of the
 * letter. `not-the-police`: another address than that of the approved contact. `cites-nothing`: it answers no
 * letter of ours by its Message-ID. `automatic`: a machine wrote it. `replayed`: that mail, its signature or its
 * word was used before. `superseded`: they have said something else since. `unclear`: no command, or more than
 * one. `no-such-time`: the clock skips that hour. `past`: that moment is over. `too-late`: the host was told.
 * `nothing-held`: they let go, and nobody waits. `undecided`: what was proposed before waits for a person.
 */
export const UNHEEDED_REASONS = [
  'unproven',
  'not-the-police',
  'cites-nothing',
  'automatic',
  'replayed',
  'superseded',
  'unclear',
  'no-such-time',
  'past',
  'too-late',
  'nothing-held',
  'undecided',
] as const
export type UnheededReason = (typeof UNHEEDED_REASONS)[number]

/** What waits for a second person. */
export interface HoldProposal {
  readonly wish: HoldWish
  readonly until: string | null
  readonly untilLocal: string | null
  readonly at: string
  /** Principal id; `police` where they proposed it by mail. */
  readonly by: string
  readonly voice: HoldVoice
  readonly reason: string | null
  readonly theirNumber: string | null
}

/** A reply that changed nothing, for a person to read. */
export interface Unheeded {
  readonly replyId: string
  readonly at: string
  readonly why: UnheededReason
  readonly from: string
  /** The first of its own words. */
  readonly said: string
  /** When the host was told, where the reply came `too-late`. */
  readonly hostToldAt: string | null
}

/** What of a hold a list of notices shows. Times are UTC ISO 8601, and beside it as the house's clocks show. */
export interface NoticeHold {
  readonly state: 'waiting' | 'forbidden' | 'over'
  /** When the host is told; null where that is forbidden. */
  readonly until: string | null
  readonly untilLocal: string | null
  /** Principal id of who said so last, `police` by mail, or `hindra` where the policy did. */
  readonly by: string
  readonly at: string
  readonly voice: HoldVoice
  readonly reason: string | null
  /** Reference of the police. */
  readonly theirNumber: string | null
  readonly proposal: HoldProposal | null
}

/** What a case waits for, before anybody who could warn an offender is told. */
export interface PoliceHold extends NoticeHold {
  readonly caseId: string
  /** When it began to wait. */
  readonly since: string
  /** The latest time that one person alone can put it to. */
  readonly longestUntil: string
  /** When the duty address is rung, unless it changes; null where it was, or need not be. */
  readonly ringsAt: string | null
  /** Replies that changed nothing, the newest last. */
  readonly unheeded: readonly Unheeded[]
  /** Whether it waits for a second person; only in the answer to an act. */
  readonly proposed?: boolean
}

/** What stands of a case at the moment that a letter confirms it. Times are UTC ISO 8601. */
export interface CurrentHold {
  /** `free`: whoever it concerns may be told. */
  readonly state: 'waits' | 'forbidden' | 'free'
  /** Until when it `waits`. */
  readonly until: string | null
  /** What was asked for and waits for a person here. */
  readonly asked: HoldWish | null
  /** Until when a `wait` was asked for. */
  readonly askedUntil: string | null
  readonly theirNumber: string | null
}

/** How many cases wait for the police or ask for a person; one may do both. */
export interface HoldCounts {
  /** All of them, each once. */
  readonly open: number
  /** Holds until a time, or until the police say so. */
  readonly waiting: number
  /** Holds until somebody lifts them. */
  readonly forbidden: number
  /** A proposal to decide, or a reply that changed nothing. */
  readonly asking: number
}

export const HOLD_ACTS = ['wait', 'release', 'forbid', 'confirm', 'reject', 'seen'] as const

/** What a person says of a hold. `until` in the time of the house, or with an offset. */
export type HoldChange =
  | ({ readonly act: 'wait'; readonly until: string } & HoldSaid)
  | ({ readonly act: 'release' } & HoldSaid)
  | ({ readonly act: 'forbid' } & HoldSaid)
  | { readonly act: 'confirm' | 'seen' }
  | { readonly act: 'reject'; readonly reason: string }

interface HoldSaid {
  readonly reason?: string
  readonly theirNumber?: string
}
