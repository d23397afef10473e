import type { People } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import {
  type Change,
  type Context,
  countUpTo,
  inPages,
  take,
  type Transaction,
  unlessDamaged,
} from '../store/index.ts'
import { createBanks } from './banks.ts'
import { createDisabling } from './disabling.ts'
import { createEntering, type EntryPlace } from './entering.ts'
import { createVerifyingByAssessments } from './equal-assessments.ts'
import { createErasure } from './erasure.ts'
import { createFeedback } from './feedback.ts'
import { createGrouping } from './grouping.ts'
import { createItemLog } from './item-log.ts'
import { createItemLooks } from './item-looks.ts'
import { createItemPlaces } from './item-places.ts'
import { createItemRows } from './item-rows.ts'
import { OWN_LIST } from './list-types.ts'
import { createLists } from './lists.ts'
import { createOpaqueLookup } from './opaque.ts'
import { checkEntry } from './proposal.ts'
import { createQuarantine } from './quarantine.ts'
import {
  BY,
  type EntryClear,
  entriesOf,
  hasOwn,
  ITEMS,
  indexedView,
  isWaiting,
  itemTable,
  itemTokens,
} from './item-records.ts'
import type { RetractionPolicy } from './obstacles.ts'
import { createRefreshing } from './refreshing.ts'
import type {
  ItemChange,
  ItemFilter,
  ListedEntry,
  ListedPlace,
  Register,
} from './register-types.ts'
import { classificationOf, statusOf } from './standing.ts'
import { createSteps } from './steps.ts'
import type { IndexedItem, Item, ItemEvent } from './item.ts'
import { createUnreached } from './unreached.ts'
import { readVocabulary } from './vocabulary.ts'

const PAGE_ROWS = 100
/** Fingerprints of films are large: few rows a transaction. */
const SCAN_ROWS = 50

export function createRegister(
  context: Context,
  audit: Audit,
  vocabulary = readVocabulary(undefined),
  retraction: RetractionPolicy = { retractionFourEyes: false },
  /** Whoever stands behind an id; without it everybody is a person. */
  behind: People['behind'] = (_tx, id) => Promise.resolve([id]),
): Register {
  const { store } = context
  const stored = itemTable(context.sealer)
  const places = createItemPlaces(stored)
  const lists = createLists(context, audit)
  const items = createItemRows(context, lists)
  const log = createItemLog(context, audit)
  const parts = { items, log, lists, vocabulary, behind }
  const entering = createEntering(context, parts)
  const step = createSteps(context, parts, retraction)
  const looks = createItemLooks(context)
  const banks = createBanks(context)
  const quarantine = createQuarantine(context, parts)

  const read = async (tx: Transaction, itemId: string): Promise<Item> =>
    items.view(tx, await items.need(tx, itemId))

  return {
    lists,
    found: itemTokens(stored, context.sealer),
    looks,
    banks,
    unreached: createUnreached(context),
    vocabulary,
    retraction,
    behind,
    ...entering,
    ...createDisabling(context, parts),
    ...createGrouping(context, parts),
    ...quarantine,
    ...createOpaqueLookup(context, parts),
    ...createErasure(context, parts, { looks, banks }),
    ...createFeedback(context, parts),
    ...createRefreshing(context, parts),
    ...createVerifyingByAssessments(context, parts),

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
        if (filter.list !== undefined) await lists.need(tx, filter.list)
        const ids = await take(idsOf(tx, filter, filter.after), limit)
        const page: Item[] = []
        for (const id of ids) {
          const item = await unlessDamaged(read(tx, id))
          if (item !== undefined) page.push(item)
        }
        return page
      })
    },

    count: (filter, max) =>
      store.transact(async (tx) => {
        if (filter.list !== undefined) await lists.need(tx, filter.list)
        return (await places.count(tx, filter, max)) ?? countUpTo(max, idsOf(tx, filter))
      }),

    placing: places.step,

    async entriesIn(tx, list, { after, limit }) {
      await lists.need(tx, list)
      const found: ListedEntry[] = []
      for await (const { id, end } of stored.by.entry.below(tx, [list], { after, limit })) {
        const entry = await entryAt(tx, { itemId: id, entryId: end })
        if (entry !== undefined) found.push(entry)
      }
      return found
    },

    async entryOf(tx, list, entryId) {
      // Behind all that sort before it stands the entry itself.
      const page = { after: entryId.slice(0, -1), limit: 1 }
      const [place] = await take(stored.by.entry.below(tx, [list], page))
      if (place?.end !== entryId) return undefined
      return entryAt(tx, { itemId: place.id, entryId })
    },

    async placesIn(tx, list, { after, before, limit }) {
      const found = await take(stored.by.entry.below(tx, [list], { after, before, limit }))
      const held = found.map(({ id, end }) => ({ itemId: id, entryId: end }))
      await tx.prefetch(held.map(({ itemId }) => ITEMS(itemId)))
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

    read,
    get: (itemId: string) => store.transact((tx) => read(tx, itemId)),

    history(itemId) {
      return store.transact(async (tx) => {
        const { id, clear } = await items.need(tx, itemId)
        const events: ItemEvent[] = []
        for (const one of [id, ...clear.joined]) events.push(...(await log.read(tx, one)))
        return events.sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)))
      })
    },

    known: (tx, itemId) => items.knownAt(tx, itemId),

    async ofBytes(tx, sha256) {
      const holder = await tx.get(BY.bytes(context, sha256))
      return holder && (await unlessDamaged(read(tx, Buffer.from(holder).toString())))
    },
    isDamaged: (tx, itemId) => items.isDamaged(tx, itemId),
    knownOf: (tx, itemIds) => items.knownOf(tx, itemIds),

    async hashesOf(tx, itemId) {
      const row = await items.need(tx, itemId)
      return { id: row.id, fingerprints: row.sealed.entries.map(({ hashes }) => hashes) }
    },

    indexed: indexedOf,

    async *allIndexed() {
      for await (const rows of stored.pages(store, SCAN_ROWS)) {
        for (const row of rows) {
          const item = indexedView(row)
          if (item !== undefined) yield item
        }
      }
    },

    async ownIndexed(tx, itemIds) {
      const own: string[] = []
      await tx.prefetch(itemIds.map((id) => ITEMS(id)))
      for (const id of itemIds) {
        const clear = await unlessDamaged(stored.getClear(tx, id))
        if (clear !== undefined && hasOwn(clear)) own.push(id)
      }
      return indexedOf(tx, own)
    },

    async *changes(since, options) {
      for await (const change of store.changes(ITEMS(), since, options)) yield changeOf(change)
    },
    recentChanges: (since) => store.recentChanges(ITEMS(), since)?.map(changeOf),

    async *allOwnIndexed() {
      const all = await store.transact((tx) => lists.all(tx))
      for (const { name } of all.filter(({ kind }) => kind === 'own')) yield* indexedIn(name)
    },
  }

  async function indexedOf(
    tx: Transaction,
    itemIds: readonly string[],
  ): Promise<readonly IndexedItem[]> {
    await tx.prefetch(itemIds.map((id) => ITEMS(id)))
    const found: IndexedItem[] = []
    for (const id of itemIds) {
      const row = await unlessDamaged(stored.get(tx, id))
      const item = row && indexedView(row)
      if (item !== undefined) found.push(item)
    }
    return found
  }

  async function* idsOf(
    tx: Transaction,
    filter: ItemFilter,
    after?: string,
  ): AsyncIterable<string> {
    for await (const { id, clear } of places.rows(tx, filter, after)) {
      if (clear.joinedTo === null && isMeant(clear.entries, filter)) yield id
    }
  }

  async function* indexedIn(list: string): AsyncGenerator<IndexedItem> {
    const pages = inPages<readonly IndexedItem[], string>(store, async (tx, after) => {
      const places = await take(stored.by.entry.below(tx, [list], { after, limit: SCAN_ROWS }))
      const found: IndexedItem[] = []
      for (const { id } of places) {
        const row = await unlessDamaged(stored.get(tx, id))
        const item = row && indexedView(row)
        if (item?.isOwn === true) found.push(item)
      }
      return { found, last: places.length < SCAN_ROWS ? undefined : places.at(-1)?.end }
    })
    for await (const page of pages) yield* page
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
}

function changeOf({ key, versionstamp }: Change): ItemChange {
  return { itemId: String(key[1]), versionstamp }
}

/** Whether an item with these entries is one that is asked for. */
function isMeant(
  entries: readonly EntryClear[],
  { status, list, classification, waiting = false }: ItemFilter,
): boolean {
  const isNamed = (entry: EntryClear) => list === undefined || entry.list === list
  return (
    (status === undefined || statusOf(entries) === status) &&
    (classification === undefined || classificationOf(entries) === classification) &&
    entries.some((entry) => isNamed(entry) && (!waiting || isWaiting(entry)))
  )
}
