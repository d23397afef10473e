import type { Principal } from '../access/index.ts'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Context, Key, Transaction } from '../store/index.ts'
import { evidenceOf } from './evidence.ts'
import { isGrave } from './findings.ts'
import { primaryKey, qualityOf } from './hash-set.ts'
import { type CheckedInput, checkEntry } from './proposal.ts'
import {
  BY,
  entriesOf,
  isLiving,
  type ItemRow,
  ITEMS,
  newItem,
  type StoredEntry,
  withEntries,
} from './item-records.ts'
import type { EntryInput } from './proposal.ts'
import type { Item } from './item.ts'
import type { RegisterParts } from './register-parts.ts'

/** What became of a proposal. */
export interface Entered {
  readonly item: Item
  readonly entryId: string
  /** True where another list has the same bytes: the entry joined its item. */
  readonly joined: boolean
}

/** Where an entry stands. */
export interface EntryPlace {
  readonly itemId: string
  readonly entryId: string
}

export interface Entering {
  /**
   * An entry of a list: proposed, or verified where the list vouches for what arrives. Joins the
   * item that has the same bytes. Throws INVALID_INPUT, NOT_FOUND (the list), and CONFLICT (naming
   * the item) where the list has it already; what was retracted may be proposed anew.
   */
  enter(tx: Transaction, by: Principal, input: EntryInput): Promise<Entered>
  /** Enters a line of an import, which is one entry of the audit for all of its lines. Throws as `enter`. */
  enterLine(tx: Transaction, by: Principal, input: EntryInput): Promise<EntryPlace>
  /** Reads what entering these will ask for, all at once. */
  prefetch(
    tx: Transaction,
    list: string,
    lines: readonly { readonly key: string; readonly sha256?: string }[],
  ): Promise<void>
  /** The newest entry that the list calls so, retracted ones too. */
  byKey(tx: Transaction, list: string, key: string): Promise<EntryPlace | undefined>
}

export function createEntering(
  context: Context,
  { items, log, lists, vocabulary }: RegisterParts,
): Entering {
  const { clock, newId } = context

  return {
    async enter(tx, by, input) {
      const { row, entryId, joined } = await admit(tx, by, input, false)
      return { item: await items.view(tx, row), entryId, joined }
    },

    async enterLine(tx, by, input) {
      const { row, entryId } = await admit(tx, by, input, true)
      return { itemId: row.id, entryId }
    },

    async prefetch(tx, list, lines) {
      const places = lines.flatMap(({ key, sha256 }) => [
        BY.key(context, list, key),
        ...(sha256 === undefined ? [] : [BY.bytes(context, sha256)]),
      ])
      await tx.prefetch(places)
      const itemIds: string[] = []
      for (const place of places) itemIds.push(...itemIdsIn(await tx.get(place)))
      await tx.prefetch(itemIds.map((id) => ITEMS(id)))
    },

    async byKey(tx, list, key) {
      return placeAt(await tx.get(BY.key(context, list, key)))
    },
  }

  async function admit(tx: Transaction, by: Principal, input: EntryInput, isBulk: boolean) {
    const checked = checkEntry(input, await lists.need(tx, input.list), vocabulary)
    const key = input.key ?? primaryKey(input.hashes)
    const keyed = BY.key(context, input.list, key)
    await assertFree(tx, keyed, input.list)
    const row = await sameBytes(tx, input)
    const entry = entryOf(by, checked, key)
    const entered =
      row === undefined ? newItem(newId(), entry) : withEntries(row, [...entriesOf(row), entry])
    if (row === undefined) items.add(tx, entered)
    else items.change(tx, row, entered)
    index(tx, entered.id, entry, keyed)
    record(tx, by, entered.id, entry, isBulk)
    return { row: entered, entryId: entry.clear.id, joined: row !== undefined }
  }

  function entryOf(
    by: Principal,
    { list, hashes, classification, description, findings, origin }: CheckedInput,
    key: string,
  ): StoredEntry {
    const now = isoTime(clock.now())
    // Nobody vouches for what is likely to match innocent pictures.
    const status = isGrave(findings) ? 'proposed' : list.arrivesAs
    const clear = {
      id: newId(),
      list: list.name,
      listKind: list.kind,
      status,
      classification,
      quality: qualityOf(hashes),
      disabledUntil: null,
      proposedBy: by.id,
      proposedAt: now,
      verifiedBy: null,
      verifiedAt: status === 'verified' ? now : null,
      onePerson: false,
      retractedBy: null,
    }
    const hasher =
      hashes.hasher === undefined
        ? null
        : { name: hashes.hasher, version: String(hashes.hasherVersion ?? '') }
    const sealed = { key, hashes, hasher, findings, feedback: [], description, origin }
    return { clear, sealed }
  }

  /** A key of a list names one living entry. */
  async function assertFree(tx: Transaction, keyed: Key, list: string): Promise<void> {
    const place = placeAt(await tx.get(keyed))
    if (place === undefined) return
    const row = await items.need(tx, place.itemId)
    const held = row.clear.entries.find(({ id }) => id === place.entryId)
    if (held === undefined || !isLiving(held)) return
    throw new HindraError('CONFLICT', { says: 'listed-already', list, id: place.itemId })
  }

  /** The living item of the same bytes. What was retracted is not joined: it is proposed anew. */
  async function sameBytes(
    tx: Transaction,
    { hashes, list }: EntryInput,
  ): Promise<ItemRow | undefined> {
    if (hashes.sha256 === undefined) return undefined
    const holder = await tx.get(BY.bytes(context, hashes.sha256))
    if (holder === undefined) return undefined
    const row = await items.need(tx, Buffer.from(holder).toString())
    const living = row.clear.entries.filter(isLiving)
    if (living.length === 0) return undefined
    const own = entriesOf(row).find(
      ({ clear, sealed }) =>
        isLiving(clear) && clear.list === list && sealed.hashes.sha256 === hashes.sha256,
    )
    if (own === undefined) return row
    throw new HindraError('CONFLICT', { says: 'bytes-listed', list, id: row.id })
  }

  function index(
    tx: Transaction,
    itemId: string,
    { clear, sealed }: StoredEntry,
    keyed: Key,
  ): void {
    const { id, list, status } = clear
    tx.put(keyed, Buffer.from(`${itemId}/${id}`))
    const { sha256 } = sealed.hashes
    if (sha256 !== undefined) tx.put(BY.bytes(context, sha256), Buffer.from(itemId))
    for (const hash of sealed.hashes.opaque ?? []) {
      tx.put(BY.opaque(context, hash, itemId), new Uint8Array())
    }
    lists.count(tx, list, null, status)
    lists.countEvidence(tx, list, null, evidenceOf(sealed.hashes))
  }

  function record(
    tx: Transaction,
    by: Principal,
    itemId: string,
    { clear }: StoredEntry,
    isBulk: boolean,
  ): void {
    const { status: to, classification, quality } = clear
    const audited = { classification, quality }
    log.append(tx, by, itemId, { action: 'propose', entry: clear, to, audited, isBulk })
  }
}

/** The items that a place names, or that have some bytes. */
function itemIdsIn(value: Uint8Array | undefined): readonly string[] {
  return value === undefined ? [] : Buffer.from(value).toString().split('/').slice(0, 1)
}

function placeAt(value: Uint8Array | undefined): EntryPlace | undefined {
  if (value === undefined) return undefined
  const [itemId = '', entryId = ''] = Buffer.from(value).toString().split('/')
  return { itemId, entryId }
}
