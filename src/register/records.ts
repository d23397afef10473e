import { HindraError } from '../errors.ts'
import { Collection, type Context, type Key, type Row, type Transaction } from '../store/index.ts'
import type { Description } from './description.ts'
import { distinctSets, hashTypesOf, type KnownHashSet } from './hash-set.ts'
import type { List } from './list-types.ts'
import type { Lists } from './lists.ts'
import { standingOf } from './standing.ts'
import type { Entry, IndexedItem, Item, ItemEvent, KnownItem } from './types.ts'

/** Of an entry, what lists and statistics need. */
export type EntryClear = Omit<Entry, keyof Described>

type Described = Description & Pick<Entry, 'hashTypes' | 'hasher' | 'findings'>

export interface EntrySealed extends Pick<Entry, 'hasher' | 'findings'> {
  readonly description: Description
  /** What its list knows it by. */
  readonly key: string
  readonly hashes: KnownHashSet
}

/** An item with all its entries is one record: a hit reads it at once, and it changes as a whole. */
export interface ItemClear {
  readonly kind: Item['kind']
  readonly revision: number
  readonly entries: readonly EntryClear[]
}

export interface ItemSealed {
  /** Of the entries, in their order. */
  readonly entries: readonly EntrySealed[]
}

export type ItemRow = Row<ItemClear, ItemSealed>
export interface StoredEntry {
  readonly clear: EntryClear
  readonly sealed: EntrySealed
}

export type EventClear = Omit<ItemEvent, 'reason'>
export type EventSealed = Pick<ItemEvent, 'reason'>

/** Collection of the items; its name is also the prefix of their changes. */
export const ITEMS = 'item'

export function itemCollection({ sealer }: Pick<Context, 'sealer'>) {
  return new Collection<ItemClear, ItemSealed>(ITEMS, sealer)
}

/** One collection an item, so that a history is one range; events are added and never changed. */
export function eventsOf({ sealer }: Pick<Context, 'sealer'>, itemId: string) {
  return new Collection<EventClear, EventSealed>(`item-event/${itemId}`, sealer)
}

/** Where items are found by something other than their id. */
export const BY = {
  /** The living item of these bytes. */
  bytes: ({ sealer }: Pick<Context, 'sealer'>, sha256: string): Key => [
    'item-bytes',
    sealer.digest('item-sha256', sha256),
  ],
  /** Item and entry by what a list knows it by. */
  key: ({ sealer }: Pick<Context, 'sealer'>, list: string, key: string): Key => [
    'entry-key',
    list,
    sealer.digest('entry-key', key),
  ],
  /** The item of each entry of a list, in the order in which they came. */
  list: (list: string): Key => ['list-entry', list],
}

export function entriesOf({ clear, sealed }: Pick<ItemRow, 'clear' | 'sealed'>): StoredEntry[] {
  return clear.entries.map((entry, position) => {
    const rest = sealed.entries[position]
    if (rest === undefined) throw new HindraError('STORE_CORRUPT', 'an entry lacks its sealed part')
    return { clear: entry, sealed: rest }
  })
}

/** The row with these entries; its revision goes up where what is searched by has changed. */
export function withEntries(
  { id, clear: { kind, revision } }: Pick<ItemRow, 'id' | 'clear'>,
  entries: readonly StoredEntry[],
  hashesChanged: boolean,
): ItemRow {
  return {
    id,
    clear: {
      kind,
      revision: hashesChanged ? revision + 1 : revision,
      entries: entries.map(({ clear }) => clear),
    },
    sealed: { entries: entries.map(({ sealed }) => sealed) },
  }
}

export async function listsOf(
  tx: Transaction,
  lists: Pick<Lists, 'need'>,
  { clear }: Pick<ItemRow, 'clear'>,
): Promise<ReadonlyMap<string, List>> {
  const found = new Map<string, List>()
  for (const { list } of clear.entries) {
    if (!found.has(list)) found.set(list, await lists.need(tx, list))
  }
  return found
}

export function itemView(row: ItemRow, lists: ReadonlyMap<string, List>): Item {
  const entries = entriesOf(row).map(entryView)
  const { status, classification, matching } = standingOf(row.clear.entries, lists)
  const quality = bestQuality(row)
  return { id: row.id, kind: row.clear.kind, status, classification, matching, quality, entries }
}

export function knownView(row: ItemRow, lists: ReadonlyMap<string, List>): KnownItem {
  return {
    id: row.id,
    kind: row.clear.kind,
    quality: bestQuality(row),
    ...standingOf(row.clear.entries, lists),
    fingerprints: livingSets(row),
  }
}

/** Undefined where nothing speaks for finding it: neither to accuse nor to veto. */
export function indexedView(row: ItemRow): IndexedItem | undefined {
  const isSought = row.clear.entries.some(
    (entry) => isLiving(entry) && (entry.classification !== 'Ignore' || entry.listKind === 'allow'),
  )
  if (!isSought) return undefined
  const fingerprints = livingSets(row)
  return { id: row.id, revision: row.clear.revision, fingerprints }
}

export function isLiving({ status }: Pick<Entry, 'status'>): boolean {
  return status !== 'retracted'
}

function livingSets(row: ItemRow): readonly KnownHashSet[] {
  return distinctSets(
    entriesOf(row)
      .filter(({ clear }) => isLiving(clear))
      .map(({ sealed }) => sealed.hashes),
  )
}

function entryView({ clear, sealed }: StoredEntry): Entry {
  const { hashes, hasher, findings, description } = sealed
  return { ...clear, hashTypes: hashTypesOf(hashes), hasher, findings, ...description }
}

function bestQuality({ clear }: ItemRow): number {
  return Math.max(0, ...clear.entries.filter(isLiving).map(({ quality }) => quality))
}
