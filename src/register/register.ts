import type { Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import { createEntering, type Entering } from './entering.ts'
import type { KnownHashSet } from './hash-set.ts'
import { createLists, type Lists, OWN_LIST } from './lists.ts'
import type { EntryInput } from './proposal.ts'
import {
  BY,
  entriesOf,
  eventsOf,
  ITEMS,
  type ItemRow,
  indexedView,
  itemCollection,
  itemView,
  knownView,
  listsOf,
} from './records.ts'
import { statusOf } from './standing.ts'
import { createSteps, type StepTarget, type VerifyTarget } from './steps.ts'
import type { Entry, EntryStatus, IndexedItem, Item, ItemEvent, KnownItem } from './types.ts'
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

/** Known material: proposed by one person, verified by another, never edited in place. */
export interface Register extends Entering {
  readonly lists: Lists
  readonly vocabulary: Vocabulary
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
  /** For good, from proposed or disputed. Throws NOT_FOUND, CONFLICT, INVALID_INPUT. */
  retract(tx: Transaction, by: Principal, target: StepTarget, reason: string): Promise<Item>
  /** In order of proposal. Throws NOT_FOUND for a list that is not there. */
  list(filter: ItemFilter): Promise<readonly Item[]>
  /** Entries of a list in the order in which they came, `after` the id of one. */
  entriesIn(
    tx: Transaction,
    list: string,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<readonly ListedEntry[]>
  /** Throws NOT_FOUND. */
  get(itemId: string): Promise<Item>
  /** Oldest first. Throws NOT_FOUND. */
  history(itemId: string): Promise<readonly ItemEvent[]>
  /** The item as it is now, whatever it may lead to; undefined where it was retracted. */
  known(tx: Transaction, itemId: string): Promise<KnownItem | undefined>
  /** What the index is to hold of the item; undefined for nothing. */
  indexed(tx: Transaction, itemId: string): Promise<IndexedItem | undefined>
  /** All of it. Reads in several transactions: follow the changes besides. */
  allIndexed(): AsyncIterable<IndexedItem>
}

export function createRegister(
  context: Context,
  audit: Audit,
  vocabulary = readVocabulary(undefined),
): Register {
  const { store } = context
  const items = itemCollection(context)
  const lists = createLists(context, audit)
  const entering = createEntering(context, audit, lists, vocabulary)
  const step = createSteps(context, audit, lists)

  return {
    lists,
    vocabulary,
    ...entering,

    async propose(by, { fingerprint, list = OWN_LIST, ...described }) {
      const input = { ...described, list, hashes: fingerprint }
      return (await store.transact((tx) => entering.enter(tx, by, input))).item
    },

    verify: (tx, by, target, reason) => step(tx, by, target, 'verify', reason),
    dispute: (tx, by, target, reason) => step(tx, by, target, 'dispute', reason),
    retract: (tx, by, target, reason) => step(tx, by, target, 'retract', reason),

    list({ status, list, after, limit = PAGE_ROWS }) {
      return store.transact(async (tx) => {
        if (list !== undefined) await lists.need(tx, list)
        const page: Item[] = []
        if (limit <= 0) return page
        const from = after === undefined ? {} : { after: [ITEMS, after] }
        for await (const { id, clear } of items.clearRows(tx, from)) {
          if (list !== undefined && !clear.entries.some((entry) => entry.list === list)) continue
          if (status !== undefined && statusOf(clear.entries) !== status) continue
          page.push(await viewed(tx, await items.need(tx, id)))
          if (page.length >= limit) break
        }
        return page
      })
    },

    async entriesIn(tx, list, { after, limit }) {
      await lists.need(tx, list)
      const found: ListedEntry[] = []
      const start = after === undefined ? {} : { after: [...BY.list(list), after] }
      for await (const { key, value } of tx.range({ prefix: BY.list(list) }, { ...start, limit })) {
        const itemId = Buffer.from(value).toString()
        const row = await items.need(tx, itemId)
        const position = row.clear.entries.findIndex(({ id }) => id === String(key.at(-1)))
        const stored = entriesOf(row)[position]
        const view = (await viewed(tx, row)).entries[position]
        if (stored === undefined || view === undefined) continue
        const { key: known, hashes } = stored.sealed
        found.push({ ...view, itemId, key: known, hashes })
      }
      return found
    },

    get(itemId) {
      return store.transact(async (tx) => viewed(tx, await items.need(tx, itemId)))
    },

    history(itemId) {
      return store.transact(async (tx) => {
        await items.need(tx, itemId)
        const events: ItemEvent[] = []
        for await (const { clear, sealed } of eventsOf(context, itemId).rows(tx)) {
          events.push({ ...clear, ...sealed })
        }
        return events
      })
    },

    async known(tx, itemId) {
      const row = await items.get(tx, itemId)
      if (row === undefined) return undefined
      const item = knownView(row, await listsOf(tx, lists, row))
      return item.status === 'retracted' ? undefined : item
    },

    async indexed(tx, itemId) {
      const row = await items.get(tx, itemId)
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
  }

  async function viewed(tx: Transaction, row: ItemRow): Promise<Item> {
    return itemView(row, await listsOf(tx, lists, row))
  }

  function scan(after: string | undefined): Promise<readonly ItemRow[]> {
    return store.transact(async (tx) => {
      const rows: ItemRow[] = []
      const options = after === undefined ? {} : { after: [ITEMS, after] }
      for await (const row of items.rows(tx, { ...options, limit: SCAN_ROWS })) rows.push(row)
      return rows
    })
  }
}
