import type { CaseStatus } from '../cases/index.ts'
import type { Neighbour } from '../known/index.ts'
import type {
  Classification,
  Description,
  Item,
  ItemEvent,
  KnownHashSet,
  ListedHash,
} from '../register/index.ts'
import type { NoticeState } from '../takedown/index.ts'
import type { PossibleAction } from './possible.ts'

/** The media themselves, or the hashes that somebody else has of them: one of both. */
export type ProposedMaterial =
  | { readonly media: Uint8Array }
  | { readonly hashes: readonly ListedHash[]; readonly kind?: KnownHashSet['kind'] }

export type ItemProposal = ProposedMaterial & {
  /** `own` where it is absent. */
  readonly list?: string
  /** Needed but for an allow-list. */
  readonly classification?: Classification
  /** What the list calls it, unique in the list; else its first hash. */
  readonly key?: string
  readonly description?: Partial<Description>
}

/** An item with its life so far, and what can come next. */
export interface ItemDetail extends Item {
  readonly history: readonly ItemEvent[]
  readonly possible: readonly PossibleAction[]
  /** What a sighting can be at most by each living entry, and why; for people. */
  readonly reach: readonly {
    readonly entryId: string
    readonly list: string
    readonly most: string
  }[]
}

export interface TouchedCase {
  readonly caseId: string
  readonly status: CaseStatus
  readonly notices: readonly {
    readonly id: string
    readonly state: NoticeState
    readonly recipient: string
  }[]
}

/** Cases of one item. */
export interface TouchedItem {
  readonly itemId: string
  readonly cases: readonly TouchedCase[]
}

/** Cases of items that lost an entry by an import. */
export interface ImportTouched {
  readonly items: readonly TouchedItem[]
  /** Where to go on; null at the end. */
  readonly next: string | null
}

export interface Touched {
  readonly touched: readonly TouchedCase[]
}

export interface SimilarItems {
  /** False while the graph of neighbours is still being built: there may be more. */
  readonly complete: boolean
  /** Nearest first; with their series, which the item may belong to. */
  readonly neighbours: readonly (Neighbour &
    Pick<Item, 'status' | 'classification' | 'kind' | 'series'>)[]
}
