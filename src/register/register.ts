import type { Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import { type Context, countUpTo, type Key, type Transaction } from '../store/index.ts'
import { createDisabling } from './disabling.ts'
import { createEntering, type Entering, type EntryPlace } from './entering.ts'
import { createErasure, type ItemErasure } from './erasure.ts'
import { createRefreshing, type Refreshing } from './refreshing.ts'
import { createFeedback, type GivenFeedback, type NewFeedback } from './feedback.ts'
import { createGrouping } from './grouping.ts'
import type { KnownHashSet, OpaqueHash } from './hash-set.ts'
import { createItemLog } from './item-log.ts'
import { createItemRows } from './item-rows.ts'
import { createLists, type Lists, OWN_LIST } from './lists.ts'
import { createOpaqueLookup } from './opaque.ts'
import { checkEntry, type EntryInput } from './proposal.ts'
import { createQuarantine, type Flood, type FloodSettings } from './quarantine.ts'
import {
  BY,
  entriesOf,
  hasOwn,
  ITEMS,
  type ItemRow,
  indexedView,
  itemCollection,
} from './records.ts'
import { statusOf } from './standing.ts'
import {
  createSteps,
  type RetractionPolicy,
  type RetractTarget,
  type StepTarget,
  type VerifyTarget,
} from './steps.ts'
import type { Entry, EntryStatus, IndexedItem, Item, ItemEvent, KnownItem } from './types.ts'
import { createUnreached, type Unreached } from './unreached.ts'
import { readVocabulary, type Vocabulary } from './vocabulary.ts'

const PAGE_ROWS = 100
/** Fingerprints of films are large: few rows a transaction. */
const SCAN_ROWS = 50

export interface ItemFilter {
  readonly status?: EntryStatus
  readonly list?: string
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
export interface Register extends Entering, ItemErasure, Refreshing {
  readonly lists: Lists
  readonly unreached: Unreached
  readonly vocabulary: Vocabulary
  readonly retraction: RetractionPolicy
  /** As `enter`, in a transaction of its own; into the own list unless another is named. */
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
  /** For good, or first a dispute: see `waitsForSecond`. Throws as `verify`. */
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
  /** In order of proposal. Throws NOT_FOUND for a list that is not there. */
  list(filter: ItemFilter): Promise<readonly Item[]>
  /** How many there are on all pages; at most `max` are counted. Throws NOT_FOUND as `list`. */
  count(filter: ItemFilter, max: number): Promise<number>
  /** Entries of a list in the order in which they came, `after` the id of one. */
  entriesIn(
    tx: Transaction,
    list: string,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<readonly ListedEntry[]>
  /** As `entriesIn`, by their clear parts alone; of entries that came before that id. */
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
  /** The item as it is now, whatever it may lead to; undefined where it was retracted. */
  known(tx: Transaction, itemId: string): Promise<KnownItem | undefined>
  /** The same for many, read at once; without those that were retracted, in the order of the ids. */
  knownOf(tx: Transaction, itemIds: Iterable<string>): Promise<ReadonlyMap<string, KnownItem>>
  /** Items of which something that counts has this very hash. */
  withOpaque(tx: Transaction, hash: OpaqueHash): Promise<readonly KnownItem[]>
  /** The item's hashes, whatever its status. Throws NOT_FOUND. */
  hashesOf(
    tx: Transaction,
    itemId: string,
  ): Promise<{ readonly id: string; readonly fingerprints: readonly KnownHashSet[] }>
  /** What the index is to hold of the item; undefined for nothing. */
  indexed(tx: Transaction, itemId: string): Promise<IndexedItem | undefined>
  /** All of it. Reads in several transactions: follow the changes besides. */
  allIndexed(): AsyncIterable<IndexedItem>
  /** Whether some own list has the item; a hint, by its clear part alone. */
  isOwn(tx: Transaction, itemId: string): Promise<boolean>
  /** As `allIndexed`, of what own lists have, without a look at the rest. */
  ownIndexed(): AsyncIterable<IndexedItem>
}

export function createRegister(
  context: Context,
  audit: Audit,
  vocabulary = readVocabulary(undefined),
  retraction: RetractionPolicy = { retractionFourEyes: false },
): Register {
  const { store } = context
  const stored = itemCollection(context)
  const lists = createLists(context, audit)
  const items = createItemRows(context, lists)
  const log = createItemLog(context, audit)
  const parts = { items, log, lists, vocabulary }
  const entering = createEntering(context, parts)
  const step = createSteps(context, parts, retraction)
  const quarantine = createQuarantine(context, parts)

  const read = async (tx: Transaction, itemId: string): Promise<Item> =>
    items.view(tx, await items.need(tx, itemId))

  return {
    lists,
    unreached: createUnreached(context),
    ...{ vocabulary, retraction },
    ...entering,
    ...createDisabling(context, parts),
    ...createGrouping(context, parts),
    ...quarantine,
    ...createOpaqueLookup(context, parts),
    ...createErasure(context, parts),
    ...createFeedback(context, parts),
    ...createRefreshing(context, parts),

    async propose(by, { fingerprint, list = OWN_LIST, ...described }) {
      const input = { ...described, list, hashes: fingerprint }
      return (await store.transact((tx) => entering.enter(tx, by, input))).item
    },

    async cautions(tx) {
      const all = await lists.all(tx)
      return {
        onePersonLists: all.filter(({ fourEyes }) => !fourEyes).map(({ name }) => name),
        quarantined: await quarantine.quarantined(tx),
      }
    },

    verify: (tx, by, target, reason) => step(tx, by, target, 'verify', reason),
    dispute: (tx, by, target, reason) => step(tx, by, target, 'dispute', reason),
    retract: (tx, by, target, reason) => step(tx, by, target, 'retract', reason),

    list(filter) {
      const { limit = PAGE_ROWS } = filter
      return store.transact(async (tx) => {
        const page: Item[] = []
        if (limit <= 0) return page
        for await (const id of idsOf(tx, filter, filter.after)) {
          page.push(await read(tx, id))
          if (page.length >= limit) break
        }
        return page
      })
    },

    count: (filter, max) => store.transact((tx) => countUpTo(max, idsOf(tx, filter))),

    async entriesIn(tx, list, { after, limit }) {
      await lists.need(tx, list)
      const found: ListedEntry[] = []
      const start = after === undefined ? {} : { after: [...BY.list(list), after] }
      for await (const { key, value } of tx.range({ prefix: BY.list(list) }, { ...start, limit })) {
        const itemId = Buffer.from(value).toString()
        const entry = await entryAt(tx, { itemId, entryId: String(key.at(-1)) })
        if (entry !== undefined) found.push(entry)
      }
      return found
    },

    async placesIn(tx, list, { after, before, limit }) {
      const range = { from: [...BY.list(list), after ?? ''], to: [...BY.list(list), before] }
      const start = after === undefined ? {} : { after: range.from }
      const held: { readonly itemId: string; readonly entryId: string }[] = []
      for await (const { key, value } of tx.range(range, { ...start, limit })) {
        held.push({ itemId: Buffer.from(value).toString(), entryId: String(key.at(-1)) })
      }
      await tx.prefetch(held.map(({ itemId }) => [ITEMS, itemId]))
      return Promise.all(held.map((place) => placed(tx, place)))
    },

    entryAt,

    async listed(tx, list, key) {
      const place = await entering.byKey(tx, list, key)
      return place && (await entryAt(tx, place))
    },

    async check(tx, input) {
      checkEntry(input, await lists.need(tx, input.list), vocabulary)
    },

    ...{ read, get: (itemId: string) => store.transact((tx) => read(tx, itemId)) },

    history(itemId) {
      return store.transact(async (tx) => {
        const { id, clear } = await items.need(tx, itemId)
        const events: ItemEvent[] = []
        for (const one of [id, ...clear.joined]) events.push(...(await log.read(tx, one)))
        return events.sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)))
      })
    },

    known: (tx, itemId) => items.knownAt(tx, itemId),
    knownOf: (tx, itemIds) => items.knownOf(tx, itemIds),

    async hashesOf(tx, itemId) {
      const row = await items.need(tx, itemId)
      return { id: row.id, fingerprints: row.sealed.entries.map(({ hashes }) => hashes) }
    },

    async indexed(tx, itemId) {
      const row = await stored.get(tx, itemId)
      return row && indexedView(row)
    },

    async *allIndexed() {
      let after: string | undefined
      for (;;) {
        const rows = await scan(after)
        for (const row of rows) {
          const item = indexedView(row)
          if (item !== undefined) yield item
        }
        after = rows.at(-1)?.id
        if (after === undefined) return
      }
    },

    async isOwn(tx, itemId) {
      const clear = await stored.getClear(tx, itemId)
      return clear !== undefined && hasOwn(clear)
    },

    async *ownIndexed() {
      const all = await store.transact((tx) => lists.all(tx))
      for (const { name } of all.filter(({ kind }) => kind === 'own')) yield* indexedIn(name)
    },
  }

  async function* idsOf(
    tx: Transaction,
    { status, list }: ItemFilter,
    after?: string,
  ): AsyncIterable<string> {
    if (list !== undefined) await lists.need(tx, list)
    const from = after === undefined ? {} : { after: [ITEMS, after] }
    for await (const { id, clear } of stored.clearRows(tx, from)) {
      if (clear.joinedTo !== null) continue
      if (list !== undefined && !clear.entries.some((entry) => entry.list === list)) continue
      if (status === undefined || statusOf(clear.entries) === status) yield id
    }
  }

  async function* indexedIn(list: string): AsyncGenerator<IndexedItem> {
    let after: Key | undefined
    for (;;) {
      const page = await store.transact(async (tx) => {
        const options = { limit: SCAN_ROWS, ...(after === undefined ? {} : { after }) }
        const found: { readonly key: Key; readonly item: IndexedItem | undefined }[] = []
        for await (const { key, value } of tx.range({ prefix: BY.list(list) }, options)) {
          const row = await stored.get(tx, Buffer.from(value).toString())
          found.push({ key, item: row && indexedView(row) })
        }
        return found
      })
      for (const { item } of page) if (item?.isOwn === true) yield item
      after = page.at(-1)?.key
      if (after === undefined) return
    }
  }

  async function entryAt(
    tx: Transaction,
    { itemId, entryId }: EntryPlace,
  ): Promise<ListedEntry | undefined> {
    const row = await items.find(tx, itemId)
    if (row === undefined) return undefined
    const position = row.clear.entries.findIndex(({ id }) => id === entryId)
    const stored = entriesOf(row)[position]
    const view = (await items.view(tx, row)).entries[position]
    if (stored === undefined || view === undefined) return undefined
    const { key, hashes } = stored.sealed
    return { ...view, itemId, key, hashes }
  }

  async function placed(tx: Transaction, place: EntryPlace): Promise<ListedPlace> {
    const clear = await stored.getClear(tx, place.itemId)
    const entry = clear?.entries.find(({ id }) => id === place.entryId)
    const status = entry?.status ?? 'retracted'
    return { ...place, status, isLiving: status !== 'retracted' }
  }

  function scan(after: string | undefined): Promise<readonly ItemRow[]> {
    return store.transact(async (tx) => {
      const rows: ItemRow[] = []
      const options = after === undefined ? {} : { after: [ITEMS, after] }
      for await (const row of stored.rows(tx, { ...options, limit: SCAN_ROWS })) rows.push(row)
      return rows
    })
  }
}
