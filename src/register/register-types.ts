import type { People, Principal } from '../access/index.ts'
import type { MigrationStep, Transaction, Versionstamp } from '../store/index.ts'
import type { Banks } from './banks.ts'
import type { Classification } from './classification.ts'
import type { Entering, EntryPlace } from './entering.ts'
import type { VerifyingByAssessments } from './equal-assessments.ts'
import type { ItemErasure } from './erasure.ts'
import type { Refreshing } from './refreshing.ts'
import type { KnownHashSet, OpaqueHash } from './hash-set.ts'
import type { ItemTokens } from './item-records.ts'
import type { Lists } from './lists.ts'
import type { RetractionPolicy } from './obstacles.ts'
import type { EntryInput } from './proposal.ts'
import type { Flood, FloodSettings } from './quarantine.ts'
import type { RetractTarget, StepTarget, VerifyTarget } from './steps.ts'
import type {
  Entry,
  EntryStatus,
  GivenFeedback,
  IndexedItem,
  Item,
  ItemEvent,
  KnownItem,
  NewFeedback,
} from './item.ts'
import type { ItemLooks } from './item-looks.ts'
import type { Unreached } from './unreached.ts'
import type { Vocabulary } from './vocabulary.ts'

export interface ItemFilter {
  readonly status?: EntryStatus
  readonly list?: string
  readonly classification?: Classification
  /** With an entry that waits for a second person, in that list where one is named. */
  readonly waiting?: boolean
  readonly after?: string
  readonly limit?: number
}

/** An entry with its hashes, for whoever may export. Never for a submitter. */
export interface ListedEntry extends Entry {
  readonly itemId: string
  /** What the list calls it. */
  readonly key: string
  readonly hashes: KnownHashSet
}

/** Where an entry of a list stands, without its hashes. */
export interface ListedPlace extends EntryPlace {
  readonly status: EntryStatus
  readonly isLiving: boolean
}

/** Where the register is less sure than usual, as it stands now. */
export interface Cautions {
  /** Lists in which one person may verify what the same person proposed. */
  readonly onePersonLists: readonly string[]
  /** Items whose matches came as a flood: each is a matter of review. */
  readonly quarantined: number
}

/** Known material: proposed by one person, verified by another, never edited in place. */
/** An item has changed, in whatever way. */
export interface ItemChange {
  readonly itemId: string
  readonly versionstamp: Versionstamp
}

export interface Register extends Entering, ItemErasure, Refreshing, VerifyingByAssessments {
  readonly lists: Lists
  /** What finds items by what somebody calls them. */
  readonly found: ItemTokens
  /** Finds items of before that was kept by how they stand. */
  readonly placing: MigrationStep
  /** Who has looked at which items. */
  readonly looks: ItemLooks
  readonly banks: Banks
  readonly unreached: Unreached
  readonly vocabulary: Vocabulary
  readonly retraction: RetractionPolicy
  /** Whose eyes stand behind whoever acted, for `obstacleToVerify`. */
  readonly behind: People['behind']
  /** Enters in a transaction of its own; into the own list unless another is named. Throws as `enter`. */
  propose(
    by: Principal,
    input: Omit<EntryInput, 'list' | 'hashes'> & { list?: string; fingerprint: KnownHashSet },
  ): Promise<Item>
  /**
   * Throws NOT_FOUND, CONFLICT, SAME_PERSON, FORBIDDEN where `by` is no person, INVALID_INPUT where
   * several entries wait and none is named, and FINDINGS_OPEN.
   */
  verify(tx: Transaction, by: Principal, target: VerifyTarget, reason?: string): Promise<Item>
  /** Something is wrong with a verified item: it stops deciding alone. Throws as `verify`. */
  dispute(tx: Transaction, by: Principal, target: StepTarget, reason: string): Promise<Item>
  /** Retracts for good, or disputes first: see `obstacleToRetract`. Throws as `verify`. */
  retract(tx: Transaction, by: Principal, target: RetractTarget, reason: string): Promise<Item>
  /**
   * Takes an entry, or all of them, out of matching until a time to come; `enable` puts it back
   * before that. Both with a reason. Throws NOT_FOUND, INVALID_INPUT.
   */
  disable(
    tx: Transaction,
    by: Principal,
    target: StepTarget,
    until: string,
    reason: string,
  ): Promise<Item>
  enable(tx: Transaction, by: Principal, target: StepTarget, reason: string): Promise<Item>
  /** Puts the item into a series, or takes it out (null). Throws NOT_FOUND, INVALID_INPUT. */
  group(
    tx: Transaction,
    by: Principal,
    itemId: string,
    series: string | null,
    reason?: string,
  ): Promise<Item>
  series(tx: Transaction, name: string): Promise<readonly Item[]>
  /**
   * The other item turns out to be this one, in another encoding: its entries move here, and its id
   * leads here from now on. Throws NOT_FOUND, CONFLICT, INVALID_INPUT.
   */
  join(
    tx: Transaction,
    by: Principal,
    itemId: string,
    otherId: string,
    reason: string,
  ): Promise<Item>
  /**
   * What a person thinks of an entry: of the only one of a partner unless another is named. Changes
   * nothing of its standing. Throws NOT_FOUND, INVALID_INPUT, CONFLICT, FORBIDDEN.
   */
  giveFeedback(
    tx: Transaction,
    by: Principal,
    target: StepTarget,
    feedback: NewFeedback,
  ): Promise<GivenFeedback>
  /**
   * The other item was joined to this one by mistake: its entries, and those that came later with the
   * same bytes, are its own again, as they stand now; so are its cases. Gives the other item. Throws
   * NOT_FOUND, CONFLICT, INVALID_INPUT.
   */
  part(
    tx: Transaction,
    by: Principal,
    itemId: string,
    otherId: string,
    reason: string,
  ): Promise<Item>
  /** Counts a case that the item opened, for its own past. */
  countCase(tx: Transaction, itemId: string): void
  /** Items that opened cases and were not checked since. */
  withFreshCases(tx: Transaction, limit: number): Promise<readonly string[]>
  /** Puts an item into quarantine that floods. */
  checkFlood(tx: Transaction, itemId: string, settings: FloodSettings): Promise<Flood>
  /** What follows from its fresh cases is done. */
  doneWithFresh(tx: Transaction, itemId: string): void
  /** What whoever reads a report should know of the register. */
  cautions(tx: Transaction): Promise<Cautions>
  /** Out of quarantine, with a reason. Throws NOT_FOUND, CONFLICT, INVALID_INPUT. */
  release(tx: Transaction, by: Principal, itemId: string, reason: string): Promise<Item>
  /** Items in order of proposal. Throws NOT_FOUND for a list that is not there. */
  list(filter: ItemFilter): Promise<readonly Item[]>
  /** How many there are on all pages; at most `max` are counted. Throws NOT_FOUND as `list`. */
  count(filter: ItemFilter, max: number): Promise<number>
  /** Entries of a list in the order in which they came, `after` the id of one. */
  entriesIn(
    tx: Transaction,
    list: string,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<readonly ListedEntry[]>
  /** An entry of a list by its id; undefined where it is not in that list. */
  entryOf(tx: Transaction, list: string, entryId: string): Promise<ListedEntry | undefined>
  /** Entries by their clear parts alone, from those that came before that id. Throws as `entriesIn`. */
  placesIn(
    tx: Transaction,
    list: string,
    page: { readonly after?: string; readonly before: string; readonly limit: number },
  ): Promise<readonly ListedPlace[]>
  /** An entry, retracted or not; undefined where it is not there any more. */
  entryAt(tx: Transaction, place: EntryPlace): Promise<ListedEntry | undefined>
  /** The newest entry that a list calls so, retracted ones too. */
  listed(tx: Transaction, list: string, key: string): Promise<ListedEntry | undefined>
  /** Throws what `enter` throws for the input itself. */
  check(tx: Transaction, input: EntryInput): Promise<void>
  /** Throws NOT_FOUND. */
  get(itemId: string): Promise<Item>
  read(tx: Transaction, itemId: string): Promise<Item>
  /** Oldest first, also of what was joined to it. Throws NOT_FOUND. */
  history(itemId: string): Promise<readonly ItemEvent[]>
  /**
   * The item as it is now, whatever it may lead to; undefined where it was retracted, and where its record is
   * damaged: it is set aside, accuses nobody, and the others serve.
   */
  known(tx: Transaction, itemId: string): Promise<KnownItem | undefined>
  /** The item of a file with this SHA-256, whatever became of it; undefined where there is none, or it is damaged. */
  ofBytes(tx: Transaction, sha256: string): Promise<Item | undefined>
  /** Whether its record, or that of a list which speaks of it, cannot be read: nothing can be said of it. */
  isDamaged(tx: Transaction, itemId: string): Promise<boolean>
  /** Many known items, read at once, in the order of the ids. Throws as `known`. */
  knownOf(tx: Transaction, itemIds: Iterable<string>): Promise<ReadonlyMap<string, KnownItem>>
  /** Items of which something that counts has this very hash. */
  withOpaque(tx: Transaction, hash: OpaqueHash): Promise<readonly KnownItem[]>
  /** The item's hashes, whatever its status. Throws NOT_FOUND. */
  hashesOf(
    tx: Transaction,
    itemId: string,
  ): Promise<{ readonly id: string; readonly fingerprints: readonly KnownHashSet[] }>
  /** What the index is to hold of these items, read at once: of those that it is to hold nothing of, nothing. */
  indexed(tx: Transaction, itemIds: readonly string[]): Promise<readonly IndexedItem[]>
  /** All of it. Reads in several transactions: follow the changes besides. */
  allIndexed(): AsyncIterable<IndexedItem>
  /** What is indexed of the items that own lists have: their clear parts say which those are. */
  ownIndexed(tx: Transaction, itemIds: readonly string[]): Promise<readonly IndexedItem[]>
  /** All that own lists have, as `allIndexed` gives it, without a look at the rest. */
  allOwnIndexed(): AsyncIterable<IndexedItem>
  /** Ids of items as they change, from a version on; waits for more only with a signal. Throws FEED_TRUNCATED. */
  changes(
    since: Versionstamp,
    options?: { readonly signal: AbortSignal },
  ): AsyncIterable<ItemChange>
  /** The same up to the newest version that is known here, at once; undefined where memory does not hold all of it. */
  recentChanges(since: Versionstamp): readonly ItemChange[] | undefined
}
