import type { Principal } from '../access/index.ts'
import { isName } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Context, Transaction } from '../store/index.ts'
import type { RegisterParts } from './register-parts.ts'
import { checkReason } from './proposal.ts'
import {
  BY,
  entriesOf,
  isLiving,
  type ItemRow,
  type Parting,
  seriesPlace,
  type StoredEntry,
  withEntries,
} from './item-records.ts'
import type { Item } from './item.ts'

const SERIES_CHARS_MAX = 256
const SERIES_ITEMS_MAX = 1_000

/** What a person says belongs together: a series, or one picture in two encodings. */
export function createGrouping(context: Context, { items, log }: RegisterParts) {
  return {
    /** See `Register`. */
    async group(
      tx: Transaction,
      by: Principal,
      itemId: string,
      name: string | null,
      reason?: string,
    ): Promise<Item> {
      const series = checkSeries(name)
      const why = checkReason(reason, false)
      const row = await items.need(tx, itemId)
      const next = { ...row, sealed: { ...row.sealed, series } }
      items.change(tx, row, next)
      const detail = series === null ? 'out of its series' : `series ${series}`
      log.append(tx, by, row.id, { action: 'group', reason: why, detail })
      return items.view(tx, next)
    },

    async series(tx: Transaction, name: string): Promise<readonly Item[]> {
      const found: Item[] = []
      const place = seriesPlace(context.sealer, name)
      for await (const id of items.by.series.ids(tx, place, { limit: SERIES_ITEMS_MAX })) {
        found.push(await items.view(tx, await items.need(tx, id)))
      }
      return found
    },

    /** See `Register`. */
    async join(
      tx: Transaction,
      by: Principal,
      itemId: string,
      otherId: string,
      reason: string,
    ): Promise<Item> {
      const why = checkReason(reason, true)
      const row = await items.need(tx, itemId)
      const other = await items.need(tx, otherId)
      if (row.id === other.id) throw new HindraError('CONFLICT', { says: 'items-one' })
      const moved = entriesOf(other)
      if (!moved.some(({ clear }) => isLiving(clear))) {
        throw new HindraError('CONFLICT', { says: 'item-retracted', id: other.id })
      }
      const together = withEntries(row, [...entriesOf(row), ...moved])
      await checkFound(tx, [row, other], together)
      const joined = [...row.clear.joined, other.id, ...other.clear.joined]
      const next = { ...together, clear: { ...together.clear, joined } }
      const empty = withEntries(other, [])
      const parting = { entries: moved.map(({ clear }) => clear.id), joined: other.clear.joined }
      const left = { ...empty, clear: { ...empty.clear, joined: [], joinedTo: row.id, parting } }
      // First it gives up what finds its entries, which the other one takes.
      items.change(tx, other, left)
      items.change(tx, row, next)
      for (const entry of moved) place(tx, row.id, entry)
      log.append(tx, by, row.id, { action: 'join', reason: why, detail: `with ${other.id}` })
      log.append(tx, by, other.id, { action: 'join', reason: why, detail: `to ${row.id}` })
      return items.view(tx, next)
    },

    /** See `Register`. */
    async part(
      tx: Transaction,
      by: Principal,
      itemId: string,
      otherId: string,
      reason: string,
    ): Promise<Item> {
      const why = checkReason(reason, true)
      const other = await items.itself(tx, otherId)
      const row = await items.need(tx, itemId)
      const { parting, joinedTo, ...clear } = other.clear
      if (joinedTo === null || parting === undefined || !row.clear.joined.includes(otherId)) {
        throw new HindraError('CONFLICT', { says: 'items-apart', other: otherId, id: row.id })
      }
      const { going, staying } = parted(entriesOf(row), parting)
      const taken = parting.joined.filter((id) => row.clear.joined.includes(id))
      const left = withEntries(row, staying)
      const joined = row.clear.joined.filter((id) => id !== otherId && !taken.includes(id))
      items.change(tx, row, { ...left, clear: { ...left.clear, joined } })
      const alone = { ...other, clear: { ...clear, joinedTo: null, joined: taken } }
      const next = withEntries(alone, going)
      items.change(tx, other, next)
      for (const entry of going) place(tx, otherId, entry)
      log.append(tx, by, row.id, { action: 'part', reason: why, detail: `from ${otherId}` })
      log.append(tx, by, otherId, { action: 'part', reason: why, detail: `from ${row.id}` })
      return items.view(tx, next)
    },
  }

  /**
   * What was found is found still: beside what two persons agreed on, what is only proposed counts for nothing, and
   * what the allow-list holds never matches. Throws CONFLICT.
   */
  async function checkFound(
    tx: Transaction,
    two: readonly ItemRow[],
    together: ItemRow,
  ): Promise<void> {
    const { matching } = await items.view(tx, together)
    for (const row of two) {
      const { id, status, matching: before } = await items.view(tx, row)
      if (before === 'none') continue
      if (status === 'proposed') {
        throw new HindraError('CONFLICT', { says: 'item-lost-proposed', id })
      }
      if (matching === 'none') {
        throw new HindraError('CONFLICT', { says: 'item-lost-allowed', id })
      }
    }
  }

  /** The item is where the entry is found from now on. */
  function place(tx: Transaction, itemId: string, { clear, sealed }: StoredEntry): void {
    tx.put(BY.key(context, clear.list, sealed.key), Buffer.from(`${itemId}/${clear.id}`))
    const { sha256 } = sealed.hashes
    if (sha256 !== undefined) tx.put(BY.bytes(context, sha256), Buffer.from(itemId))
  }
}

/** What came later with the bytes of what goes belongs to it. */
function parted(entries: readonly StoredEntry[], { entries: ids }: Parting) {
  const had = entries.filter(({ clear }) => ids.includes(clear.id))
  const bytes = new Set(had.flatMap(({ sealed }) => sealed.hashes.sha256 ?? []))
  const isGoing = ({ clear, sealed: { hashes } }: StoredEntry) =>
    ids.includes(clear.id) || (hashes.sha256 !== undefined && bytes.has(hashes.sha256))
  return {
    going: entries.filter(isGoing),
    staying: entries.filter((entry) => !isGoing(entry)),
  }
}

function checkSeries(name: string | null): string | null {
  const text = name?.trim() ?? ''
  if (text.length > SERIES_CHARS_MAX) {
    throw new HindraError('INVALID_INPUT', `series: over ${SERIES_CHARS_MAX} characters`, {
      field: 'series',
    })
  }
  if (!isName(text)) {
    throw new HindraError('INVALID_INPUT', 'series: a line break or a control character is in it', {
      field: 'series',
    })
  }
  return text === '' ? null : text
}
