import type { BROWSER_HASHER } from '../fingerprint/index.ts'
import type { ReachWords } from '../match/index.ts'
import type {
  Classification,
  Description,
  Item,
  ItemEvent,
  KnownHashSet,
  ListedHash,
} from '../register/index.ts'
import type { PossibleAction } from './possible.ts'

/** The media themselves, or the hashes that somebody else has of them: one of both. */
export type ProposedMaterial =
  | { readonly media: Uint8Array; readonly fileName?: string }
  | { readonly hashes: readonly ListedHash[]; readonly kind?: KnownHashSet['kind'] }
  | {
      /** Of one picture, made by the proposer's browser. */
      readonly hashes: readonly ListedHash[]
      readonly hasher: typeof BROWSER_HASHER
      readonly fileName?: string
    }

export type ItemProposal = ProposedMaterial & {
  /** `own` where it is absent. */
  readonly list?: string
  /** Needed but for an allow-list. */
  readonly classification?: Classification
  /** What the list calls it, unique in the list; else its first hash. */
  readonly key?: string
  readonly description?: Partial<Description>
  /** What it came from. */
  readonly caseId?: string
  readonly tipId?: string
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
    /** The same in no language. */
    readonly said: readonly ReachWords[]
  }[]
  /** The entries that two equal assessments of their bytes verified, and whose: null where nobody has that id any more. */
  readonly assessed: readonly {
    readonly entryId: string
    readonly panelId: string
    readonly people: readonly (string | null)[]
  }[]
}
