import type { ClientHash } from './sighting-fields.ts'
import type { QueuePlace } from './queue-lanes.ts'
import type { TipCategory, TipSeenIn } from './tip-words.ts'

export const TIP_SOURCES = [
  'public',
  'hotline',
  'child-support-line',
  'police',
  'own-work',
] as const

export type TipSource = (typeof TIP_SOURCES)[number]

/** What is urgent unless its sender says otherwise: a child asks, or somebody has looked already. */
export const TIP_PRIORITIES: Readonly<Record<TipSource, 1 | 2 | 3>> = {
  'child-support-line': 1,
  police: 1,
  hotline: 2,
  public: 3,
  'own-work': 3,
}

/** What a tip tells of: something at a URL, or in words what was seen where there is none. */
interface Told {
  /** Absent where it was seen in an app, in a chat, off the net. */
  readonly url?: string
  readonly pageUrl?: string
  /** What was seen, where there is no URL: plain text, and a URL in it is words. */
  readonly words?: string
  /** Of words. */
  readonly category?: TipCategory
  /** Of words: where it was seen. */
  readonly seenIn?: TipSeenIn
  /** Of words: where it happens, ISO 3166-1 alpha-2. */
  readonly country?: string
}

export interface TipInput extends Told {
  readonly source: TipSource
  /** 1 is the most urgent; by default that of its source (`TIP_PRIORITIES`). */
  readonly priority: 1 | 2 | 3
  /** The sender's own name for the tip: with source and URL it makes the tip the same one when it is sent again. */
  readonly reference?: string
  readonly note?: string
  /** Hashes of the media at the URL, where the sender has them: they lead to a look, as a crawler's do. */
  readonly hashes?: readonly ClientHash[]
  /** A child is in danger at this moment, as the sender says: somebody is called at once. */
  readonly inDangerNow?: boolean
  /** Where the child lives: code or name of a municipality as it is sent, its code once it is kept. */
  readonly childMunicipality?: string
  /** The depicted child itself asks for removal, alone or through a support line. */
  readonly ownRequest?: boolean
}

/**
 * `known`: a case covers it; `reported`: it has no URL, and a person decided that the police are told; `dismissed`:
 * somebody has looked, and there is nothing to do.
 */
export const TIP_STATUSES = ['new', 'assessed', 'known', 'reported', 'dismissed'] as const

export type TipStatus = (typeof TIP_STATUSES)[number]

/**
 * Why a tip leads to nothing: it was looked at and is not illegal, was gone already, could not be looked at, or
 * something else.
 */
export const DISMISSALS = ['not-illegal', 'gone', 'unreachable', 'other'] as const

export type Dismissal = (typeof DISMISSALS)[number]

/** Tips out of a list in another system's format, and what of it is none. Lines are 1-based. */
export interface ForeignTips {
  readonly tips: readonly { readonly line: number; readonly tip: TipInput }[]
  readonly refused: readonly RefusedTip[]
}

export interface RefusedTip {
  readonly line: number
  /** The field as the sender calls it. */
  readonly field: string
  readonly message: string
}

/** What the sender of a tip told anew when it was sent again; `before` holds what stood there. */
export interface TipChange {
  readonly at: string
  readonly by: string
  /** What stood in each field; null where there was nothing. */
  readonly before: Readonly<Record<string, unknown>>
}

/** The one file that was at the URL of a tip, by the digest of the bytes that Hindra fetched: never a sender's word. */
export interface SeenFile {
  /** UTC ISO 8601. */
  readonly at: string
  readonly sha256: string
}

export interface Tip extends Told {
  readonly id: string
  readonly status: TipStatus
  readonly source: TipSource
  readonly priority: 1 | 2 | 3
  readonly receivedAt: string
  readonly submittedBy: string
  readonly reference?: string
  readonly note?: string
  readonly hashes?: readonly ClientHash[]
  /** A child is in danger at this moment, as the sender says. */
  readonly inDangerNow: boolean
  /** Where the child lives: the code of a municipality. */
  readonly childMunicipality?: string
  readonly ownRequest?: boolean
  /** The case that came of it, or that covers it. */
  readonly caseId?: string
  /** Where it told of a page: the cases of all media that were assessed on it. */
  readonly caseIds?: readonly string[]
  /** The list that brought it; absent where it came alone. */
  readonly importId?: string
  /** When it was dismissed, and why; absent unless somebody did, and in records of before that was kept. */
  readonly dismissed?: { readonly at: string; readonly why?: Dismissal }
  /** What Hindra itself saw at its URL when somebody last let it look; absent where nobody did. */
  readonly seen?: SeenFile
  /** What its sender told anew, oldest first; absent where that is nothing. */
  readonly changes?: readonly TipChange[]
  /** Why it stands where it stands in the queue; there alone. */
  readonly place?: QueuePlace
}

/** What became of a tip that was sent: it is new, or the same one with or without news. */
export type TipOutcome = 'added' | 'updated' | 'unchanged'

export interface TakenTip {
  readonly outcome: TipOutcome
  readonly tip: Tip
  /** Fields that its sender told anew. */
  readonly changed: readonly string[]
}
