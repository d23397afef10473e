import type { CeilingCode } from './ceilings.ts'
import type { HashType } from '../hashes/index.ts'
import type { Classification } from './classification.ts'
import type { Description } from './description.ts'
import type { EvidenceKind } from './evidence.ts'
import type { Finding } from './findings.ts'
import type { KnownHashSet } from './hash-set.ts'

export const LIST_KINDS = ['own', 'partner', 'allow'] as const
export type ListKind = (typeof LIST_KINDS)[number]

export const ENTRY_STATUSES = ['proposed', 'verified', 'disputed', 'retracted'] as const
export type EntryStatus = (typeof ENTRY_STATUSES)[number]

export const OPINIONS = ['agree', 'disagree'] as const
export type Opinion = (typeof OPINIONS)[number]

/** What a hit on an item may lead to by itself. */
export type Matching = 'automatic' | 'review' | 'none'

/** How a verifier's own copy compared with what was proposed: to the byte, or by the PDQ of the whole picture. */
export const OWN_COPIES = ['same-bytes', 'alike'] as const
export type OwnCopy = (typeof OWN_COPIES)[number]

/** Two assessments of one file, given without sight of each other, that say the same. */
export interface EqualAssessments {
  readonly panelId: string
  readonly assessmentIds: readonly [string, string]
  /** Principal ids of their authors, in the same order. */
  readonly by: readonly [string, string]
}

/** What an entry was made of, so that a second person finds the same without the first one's terminal. */
export interface EntryOrigin {
  /** The name of the file, without its folders. */
  readonly fileName?: string
  readonly fileBytes?: number
  /** The case or the tip that it came from. */
  readonly caseId?: string
  readonly tipId?: string
}

/** What one list says of an item. The hashes are for matching and never leave the server. */
export interface Entry extends Description, EntryOrigin {
  readonly id: string
  readonly list: string
  readonly listKind: ListKind
  readonly status: EntryStatus
  readonly classification: Classification
  /** Which hashes the list gave, without their values. */
  readonly hashTypes: readonly HashType[]
  /** What it can be found by. */
  readonly evidence: EvidenceKind
  /** Its features are of an earlier version, which confirms nothing: `hindra register --refresh` renews them. */
  readonly outdated?: true
  /** Its features are of a version that kept no colours: `--refresh` renews them. */
  readonly colourless?: true
  /** A film without a digest of its coded pictures, which finds it in another file: `--refresh` adds it. */
  readonly trackless?: true
  readonly hasher: { readonly name: string; readonly version: string } | null
  /** PDQ quality, 0 to 100, of the picture or the best frame; 0 where it is not known. */
  readonly quality: number
  /** The time until which it counts for nothing, for the reason in the history. */
  readonly disabledUntil: string | null
  readonly proposedBy: string
  readonly proposedAt: string
  readonly verifiedBy: string | null
  /** Null for `verifiedBy` where the list vouches for what arrives. */
  readonly verifiedAt: string | null
  /** What the verifier's own copy was; absent where it was verified without one. */
  readonly verifiedWith?: OwnCopy
  /** The hasher that told so, where it was the verifier's browser and Hindra has not seen that copy. */
  readonly verifiedByHasher?: string
  /** The two assessments of its very bytes that verified it, or that its verifier needed; absent where there were none. */
  readonly assessed?: EqualAssessments
  /** What was found when it came, to be looked at before anybody verifies it. */
  readonly findings: readonly Finding[]
  /** What persons here think of it, oldest first. */
  readonly feedback: readonly Feedback[]
  /** Who took it back: its own list, which may bring it again, or a person here. Null while it lives. */
  readonly retractedBy: 'list' | 'person' | null
  /** Who doubts it, or asked for its retraction; null or absent where nobody does. */
  readonly disputedBy?: string | null
  /** The first of the two persons that it takes where nobody answers for the machine that proposed it. */
  readonly confirmedBy?: string | null
  /** Verified by who proposed it, in a list that does without a second person. */
  readonly onePerson: boolean
}

/** One known picture or film. */
export interface Item {
  readonly id: string
  readonly kind: KnownHashSet['kind']
  /** The status of its entries together: see `standingOf`. */
  readonly status: EntryStatus
  readonly classification: Classification
  readonly matching: Matching
  /** Why it is not matched automatically, for people; null where it is. */
  readonly ceiling: string | null
  /** The same by its code. */
  readonly heldBy: CeilingCode | null
  /** Best of its entries, 0 to 100. */
  readonly quality: number
  /** A name that a person gave to what belongs together. */
  readonly series: string | null
  /** Since when a flood of matches makes each a matter of review. */
  readonly quarantinedAt: string | null
  /** Items that turned out to be this one. */
  readonly joined: readonly string[]
  readonly entries: readonly Entry[]
}

/** An item with what is needed to compare against it. Stays inside the process. */
export interface KnownItem extends Omit<Item, 'entries' | 'series' | 'quarantinedAt'> {
  /** Some allow-list has it, be it verified or only proposed there. */
  readonly isAllowed: boolean
  /** Known as harmless: what is as near to it as to other items is no match. */
  readonly vetoes: boolean
  /** Each distinct set of hashes: lists hold differently encoded copies. */
  readonly fingerprints: readonly KnownHashSet[]
  /** Those of them whose PDQ hash may confirm alone: of media hashed here, or of a list that two persons vetted. */
  readonly vouched: readonly KnownHashSet[]
}

/** What the index holds of an item, whatever a hit on it may lead to. */
export interface IndexedItem {
  readonly id: string
  /** Goes up whenever the hashes below change. */
  readonly revision: number
  /** Whether some own list has it. */
  readonly isOwn: boolean
  readonly fingerprints: readonly KnownHashSet[]
}

export type ItemAction =
  | 'propose'
  | 'verify'
  | 'dispute'
  | 'retract'
  | 'disable'
  | 'enable'
  | 'group'
  | 'join'
  | 'part'
  | 'quarantine'
  | 'release'
  | 'feedback'
  | 'refresh'

/** One change of an item or of what a list says of it: who, when, why. */
export interface ItemEvent {
  readonly at: string
  readonly by: string
  readonly action: ItemAction
  /** Null where it concerns the whole item. */
  readonly entryId: string | null
  readonly list: string | null
  /** The earlier status of the entry, where that changed. */
  readonly from: EntryStatus | null
  readonly to: EntryStatus | null
  readonly reason: string | null
  readonly detail: string | null
}

/** What a person thinks of what a list says of an item. Changes nothing of the entry's standing. */
export interface Feedback {
  readonly id: string
  readonly at: string
  readonly by: string
  readonly opinion: Opinion
  /** Never null where the opinion is `disagree`. */
  readonly reason: string | null
  /** The reason in the words, or by the id, of the exchange that it is sent to. */
  readonly exchangeReason: string | null
}

export interface NewFeedback {
  readonly opinion: Opinion
  readonly reason?: string
  readonly exchangeReason?: string
}

/** Feedback, and the entry that it is about. */
export interface GivenFeedback extends Feedback {
  readonly itemId: string
  readonly entryId: string
  readonly list: string
}
