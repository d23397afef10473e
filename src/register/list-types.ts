import type { Classification } from './classification.ts'
import type { EvidenceCounts } from './evidence.ts'
import type { EntryStatus, ListKind } from './item.ts'

/** The lists that every register has. */
export const OWN_LIST = 'own'
export const ALLOW_LIST = 'allow'
/** What children asked for who are on it: nobody has judged it, nobody verifies it, and it leaves by no way. */
export const OWN_REQUESTS = 'own-requests'

/** What may be changed of a list. */
export interface ListPolicy {
  /** False: who proposes may verify alone. Every report shows such a list. */
  readonly fourEyes: boolean
  /** Classes of which a match is a matter of review, though an entry is verified. */
  readonly reviewOnly: readonly Classification[]
  /** What a partner's entries arrive as: `verified` where two of its people have agreed on each. */
  readonly arrivesAs: 'proposed' | 'verified'
  /**
   * Whether pictures that are registered for it by their file keep local features, where the house keeps any: what an
   * altered copy is found by, and what a picture could be recognised from (SECURITY.md).
   */
  readonly keepsFeatures: boolean
  /**
   * The PDQ quality, 0 to 100, that hashes count as which come without one from now on: exchanges tell none. At 0 such a
   * hash confirms nothing, and such a frame is not looked for.
   */
  readonly untoldQuality: number
}

/** So many persons vet a list before its hashes alone may confirm. */
export const VETTING_PERSONS = 2

export function isVetted({ vettedBy }: Pick<List, 'vettedBy'>): boolean {
  return vettedBy.length >= VETTING_PERSONS
}

export interface List extends ListPolicy {
  /** The name, which is its id too: letters, digits, `-`, `_` and `.`, at most 255. */
  readonly name: string
  readonly kind: ListKind
  readonly description: string | null
  readonly createdBy: string
  readonly createdAt: string
  /**
   * Persons who have vetted how its hashes are made and checked. By two of them, what it gives as bits alone may be
   * confirmed within `match.confirmRadius`; by fewer it is a matter of review.
   */
  readonly vettedBy: readonly string[]
}

/** A list as reports show it. */
export interface ListView extends List {
  /** Entries by status. */
  readonly entries: Readonly<Record<EntryStatus, number>>
  /** Living entries by what they can be found by. */
  readonly evidence: EvidenceCounts
}

export interface NewList extends Partial<ListPolicy> {
  readonly name: string
  readonly kind: ListKind
  readonly description?: string
}

/** One change of a list's policy, or of who has vetted it: who, when, why. */
export interface ListEvent {
  readonly at: string
  readonly by: string
  readonly from: ListPolicy | null
  readonly to: ListPolicy
  readonly vettedBy: readonly string[]
  readonly reason: string | null
}
