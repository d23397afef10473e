import type { Principal } from '../access/index.ts'
import type { CaseStatus } from '../cases/index.ts'
import type {
  Classification,
  Description,
  EntryStatus,
  Item,
  ItemEvent,
  KnownHashSet,
  List,
  ListEvent,
  ListedHash,
  ListPolicy,
  ListView,
  Neighbour,
  NewList,
  Refreshed,
  StepTarget,
  VerifyTarget,
  Vocabulary,
} from '../register/index.ts'
import type { PossibleAction } from './possible.ts'
import type { NoticeState } from '../takedown/index.ts'

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

export interface CorpusReport {
  readonly pictures: number
}

/** Who says what of known material. See the stage `register` for what each throws. */
export interface RegisterApi {
  propose(by: Principal, proposal: ItemProposal): Promise<Item>
  /**
   * Adds to what an item can be found by, from the very file that it was registered from: SHA-256 and nothing
   * less. Entries, standing and who verified them stay. Throws NOT_FOUND where no item has these bytes.
   */
  refresh(by: Principal, media: Uint8Array): Promise<Refreshed>
  verify(by: Principal, target: VerifyTarget, reason?: string): Promise<Item>
  dispute(by: Principal, target: StepTarget, reason: string): Promise<Item & Touched>
  /** With what it touches: corrections are due to whoever was told. */
  retract(by: Principal, target: StepTarget, reason: string): Promise<Item & Touched>
  items(
    by: Principal,
    filter: {
      readonly after?: string
      readonly limit?: number
      readonly status?: EntryStatus
      readonly list?: string
    },
  ): Promise<readonly Item[]>
  item(by: Principal, itemId: string): Promise<ItemDetail>

  /** Out of matching until a time to come (ISO 8601), and back. */
  disable(by: Principal, target: StepTarget, until: string, reason: string): Promise<Item>
  enable(by: Principal, target: StepTarget, reason: string): Promise<Item>
  /** Out of quarantine. */
  release(by: Principal, itemId: string, reason: string): Promise<Item>
  /** Into a series, or out of it (null). */
  group(by: Principal, itemId: string, series: string | null, reason?: string): Promise<Item>
  /** The other item is this one, in another encoding. */
  join(by: Principal, itemId: string, otherId: string, reason: string): Promise<Item>
  /** The other item was joined by mistake: it is one of its own again, and is given back. */
  part(by: Principal, itemId: string, otherId: string, reason: string): Promise<Item>
  series(by: Principal, name: string): Promise<readonly Item[]>
  /** What resembles the item in the own register, beyond the radius of a match too. */
  similar(by: Principal, itemId: string, limit: number): Promise<SimilarItems>
  /** The cases of the item and what was sent of them: whom a correction concerns. */
  touched(by: Principal, itemId: string): Promise<readonly TouchedCase[]>
  /** The terms that entries are described with. */
  vocabulary(by: Principal): Promise<Vocabulary>
  /** A picture that is certainly harmless: nothing like it is verified unseen. */
  addBenign(by: Principal, media: Uint8Array): Promise<CorpusReport & { readonly added: boolean }>
  corpus(by: Principal): Promise<CorpusReport>

  lists(by: Principal): Promise<readonly ListView[]>
  list(by: Principal, name: string): Promise<ListView & { history: readonly ListEvent[] }>
  createList(by: Principal, list: NewList): Promise<List>
  changeList(
    by: Principal,
    name: string,
    policy: Partial<ListPolicy>,
    reason: string,
  ): Promise<List>
}
