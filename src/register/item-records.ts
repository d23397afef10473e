import { type FindToken, referenceTokens } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import {
  type Context,
  type Digester,
  foundBy,
  type Key,
  keySpace,
  type IndexPlace,
  type Row,
  table,
  TokenIndex,
} from '../store/index.ts'
import type { Description } from './description.ts'
import { evidenceOf, isOwnLook, lacksTrack } from './evidence.ts'
import { lackOf } from './features-lack.ts'
import { distinctSets, hashTypesOf, type KnownHashSet, type OpaqueHash } from './hash-set.ts'
import { isVetted, type List, OWN_REQUESTS } from './list-types.ts'
import { standingOf, statusOf } from './standing.ts'
import type { Entry, EntryOrigin, IndexedItem, Item, KnownItem } from './item.ts'

/** What lists and statistics need of an entry. */
export type EntryClear = Omit<Entry, keyof Described>

type Described = Description &
  EntryOrigin &
  Pick<Entry, 'hashTypes' | 'evidence' | 'hasher' | 'findings' | 'feedback'>

export interface EntrySealed extends Pick<Entry, 'hasher' | 'findings' | 'feedback'> {
  readonly description: Description
  /** What its list knows it by. */
  readonly key: string
  readonly hashes: KnownHashSet
  /** Absent of lists, and of records of older versions. */
  readonly origin?: EntryOrigin
}

export interface StoredEntry {
  readonly clear: EntryClear
  readonly sealed: EntrySealed
}

/** An item with all its entries is one record: a hit reads it at once, and it changes as a whole. */
export interface ItemClear {
  readonly kind: Item['kind']
  readonly revision: number
  readonly quarantinedAt: string | null
  /** The item that this one turned out to be; its entries are there. */
  readonly joinedTo: string | null
  readonly joined: readonly string[]
  /** What it had while it is joined to another, so that it can be parted again. */
  readonly parting?: Parting
  readonly entries: readonly EntryClear[]
}

/** What an item had when it was joined to another: ids of entries, and of items joined to it. */
export interface Parting {
  readonly entries: readonly string[]
  readonly joined: readonly string[]
}

export interface ItemSealed {
  readonly series: string | null
  /** The sealed parts of the entries, in their order. */
  readonly entries: readonly EntrySealed[]
}

export type ItemRow = Row<ItemClear, ItemSealed>

/** Keys of the items: also the prefix of their changes. */
export const ITEMS = keySpace('item')

type Sealing = Pick<Context, 'sealer'>

/** What we, its sources and the police call it. */
const found = foundBy<ItemRow>(keySpace('item-found'), ({ sealed }): FindToken[] =>
  sealed.entries.flatMap(({ description: { reference, sourceReference, policeReference } }) => [
    ...referenceTokens(reference),
    ...referenceTokens(sourceReference),
    ...referenceTokens(policeReference),
  ]),
)

export const itemTable = table<ItemClear, ItemSealed>(ITEMS).with({
  by: {
    found,
    /** The item of each entry of a list, in the order in which they came. */
    entry: {
      unique: true,
      keys: keySpace('list-entry'),
      atEach: ({ clear }) => clear.entries.map(({ list, id }) => [list, id]),
    },
    /** Items of a series, by id. */
    series: {
      keys: keySpace('item-series'),
      at: ({ sealed: { series } }, sealer) => series !== null && seriesPlace(sealer, series),
    },
    /** Items that somebody still speaks of, or spoke of last, by how they stand. */
    status: {
      keys: keySpace('item-status'),
      at: ({ clear: { joinedTo, entries } }) =>
        joinedTo === null && entries.length > 0 && [statusOf(entries)],
    },
    /** Items that a list speaks of, or spoke of, each once. */
    list: {
      keys: keySpace('item-list'),
      atEach: ({ clear: { joinedTo, entries } }) =>
        joinedTo === null
          ? [...new Set(entries.map(({ list }) => list))].map((list) => [list])
          : [],
    },
    /** Items with an entry that waits to be verified. */
    waiting: {
      keys: keySpace('item-waiting'),
      at: ({ clear: { joinedTo, entries } }) => joinedTo === null && entries.some(isWaiting) && [],
    },
    quarantined: {
      keys: keySpace('item-quarantined'),
      at: ({ clear }) => clear.quarantinedAt !== null && [],
    },
  },
})

export type ItemTable = ReturnType<typeof itemTable>

export type ItemTokens = TokenIndex<ItemClear, ItemSealed>

export function itemTokens(items: Pick<ItemTable, 'name' | 'rows'>, sealer: Digester): ItemTokens {
  return new TokenIndex(items, found, sealer)
}

export function seriesPlace(sealer: Digester, series: string): IndexPlace {
  return [sealer.digest('item-series', series)]
}

/** Whether an entry waits to be verified: what children ask for themselves nobody verifies. */
export function isWaiting({ status, list }: Pick<EntryClear, 'status' | 'list'>): boolean {
  return status === 'proposed' && list !== OWN_REQUESTS
}

const BYTES = keySpace('item-bytes')
const OPAQUE = keySpace('item-opaque')
const ENTRY_KEY = keySpace('entry-key')

/**
 * Where items are found by what their record alone does not tell, so that whoever writes it writes this, too: bytes
 * and keys of lists are held by whatever came last, also while older records have them; hashes to be compared for
 * equality stay with an item that was joined to another, whose record has no entries; the time of a retraction stands
 * in no record.
 */
export const BY = {
  /** The living item of these bytes. */
  bytes: ({ sealer }: Sealing, sha256: string): Key => BYTES(sealer.digest('item-sha256', sha256)),
  /** Items by a hash that can only be compared for equality. */
  opaque: ({ sealer }: Sealing, { type, value }: OpaqueHash, ...itemId: string[]): Key =>
    OPAQUE(sealer.digest('item-opaque', `${type}:${value}`), ...itemId),
  /** Item and entry by what a list knows it by. */
  key: ({ sealer }: Sealing, list: string, key: string): Key =>
    ENTRY_KEY(list, sealer.digest('entry-key', key)),
  /** Items that nobody speaks of any more, by the time of that. */
  retracted: keySpace('item-retracted'),
}

export function newItem(id: string, entry: StoredEntry): ItemRow {
  const clear = {
    kind: entry.sealed.hashes.kind,
    revision: 0,
    quarantinedAt: null,
    joinedTo: null,
    joined: [],
    entries: [],
  }
  return withEntries({ id, clear, sealed: { series: null, entries: [] } }, [entry])
}

export function entriesOf({ clear, sealed }: Pick<ItemRow, 'clear' | 'sealed'>): StoredEntry[] {
  return clear.entries.map((entry, position) => {
    const rest = sealed.entries[position]
    if (rest === undefined) throw new HindraError('STORE_CORRUPT', 'an entry lacks its sealed part')
    return { clear: entry, sealed: rest }
  })
}

/** The item with these entries; its revision goes up where what is searched by may have changed. */
export function withEntries(row: ItemRow, entries: readonly StoredEntry[]): ItemRow {
  const clears = entries.map(({ clear }) => clear)
  const sought = (all: readonly EntryClear[]) =>
    all
      .filter(isSoughtOf(all))
      .map(({ id }) => id)
      .join()
  const isChanged = sought(clears) !== sought(row.clear.entries)
  return {
    id: row.id,
    clear: {
      ...row.clear,
      revision: isChanged ? row.clear.revision + 1 : row.clear.revision,
      entries: clears,
    },
    sealed: { ...row.sealed, entries: entries.map(({ sealed }) => sealed) },
  }
}

export function itemView(row: ItemRow, lists: ReadonlyMap<string, List>, now: string): Item {
  const { status, classification, matching, ceiling, heldBy } = standingOf(row.clear, lists, now)
  const { kind, quarantinedAt, joined } = row.clear
  return {
    id: row.id,
    kind,
    status,
    classification,
    matching,
    ceiling,
    heldBy,
    quality: bestQuality(row),
    series: row.sealed.series,
    quarantinedAt,
    joined,
    entries: entriesOf(row).map(entryView),
  }
}

export function knownView(row: ItemRow, lists: ReadonlyMap<string, List>, now: string): KnownItem {
  const { kind, joined } = row.clear
  return {
    id: row.id,
    kind,
    joined,
    quality: bestQuality(row),
    ...standingOf(row.clear, lists, now),
    fingerprints: soughtSets(row),
    vouched: soughtSets(row, ({ clear, sealed }) => {
      const list = lists.get(clear.list)
      return isOwnLook(sealed.hashes) || (list !== undefined && isVetted(list))
    }),
  }
}

/** Undefined where nothing speaks for finding it: neither to accuse nor to veto. */
export function indexedView(row: ItemRow): IndexedItem | undefined {
  const living = row.clear.entries.filter(isLiving)
  const isSought = living.some(
    ({ classification, listKind }) => classification !== 'Ignore' || listKind === 'allow',
  )
  if (!isSought) return undefined
  const { revision } = row.clear
  return { id: row.id, revision, isOwn: hasOwn(row.clear), fingerprints: soughtSets(row) }
}

/** Whether some own list has it. */
export function hasOwn({ entries }: Pick<ItemClear, 'entries'>): boolean {
  return entries.some((entry) => isLiving(entry) && entry.listKind === 'own')
}

export function isLiving({ status }: Pick<Entry, 'status'>): boolean {
  return status !== 'retracted'
}

function soughtSets(
  row: ItemRow,
  where: (entry: StoredEntry) => boolean = () => true,
): readonly KnownHashSet[] {
  const isSought = isSoughtOf(row.clear.entries)
  const sought = entriesOf(row).filter((entry) => isSought(entry.clear) && where(entry))
  return distinctSets(sought.map(({ sealed }) => sealed.hashes))
}

/**
 * Whose hashes are looked for. Beside what two persons agreed on, what one has proposed counts for
 * nothing: else an entry with an equal SHA-256 and a PDQ hash of its own choice would match, or veto,
 * by the standing of the others.
 */
function isSoughtOf(entries: readonly EntryClear[]): (entry: EntryClear) => boolean {
  const isAgreed = ({ status }: EntryClear) => status === 'verified' || status === 'disputed'
  return entries.some(isAgreed) ? isAgreed : isLiving
}

function entryView({ clear, sealed }: StoredEntry): Entry {
  const { hashes, hasher, findings, feedback, description, origin } = sealed
  const [hashTypes, evidence] = [hashTypesOf(hashes), evidenceOf(hashes)]
  const lack = lackOf(hashes)
  return {
    ...clear,
    hashTypes,
    evidence,
    ...(lack === 'brightness' ? { outdated: true } : {}),
    ...(lack === 'colours' ? { colourless: true } : {}),
    ...(lacksTrack(hashes) ? { trackless: true } : {}),
    hasher,
    findings,
    feedback,
    ...description,
    ...origin,
  }
}

function bestQuality({ clear }: ItemRow): number {
  return Math.max(0, ...clear.entries.filter(isLiving).map(({ quality }) => quality))
}
