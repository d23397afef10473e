import type { Principal } from '../access/index.ts'
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
  NewList,
  StepTarget,
  VerifyTarget,
  Vocabulary,
} from '../register/index.ts'

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

export interface CorpusReport {
  readonly pictures: number
}

/** Who says what of known material. See the stage `register` for what each throws. */
export interface RegisterApi {
  propose(by: Principal, proposal: ItemProposal): Promise<Item>
  verify(by: Principal, target: VerifyTarget, reason?: string): Promise<Item>
  dispute(by: Principal, target: StepTarget, reason: string): Promise<Item>
  retract(by: Principal, target: StepTarget, reason: string): Promise<Item>
  items(
    by: Principal,
    filter: {
      readonly after?: string
      readonly limit?: number
      readonly status?: EntryStatus
      readonly list?: string
    },
  ): Promise<readonly Item[]>
  item(by: Principal, itemId: string): Promise<Item & { history: readonly ItemEvent[] }>

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
