import type { Principal } from '../access/index.ts'
import { HindraError } from '../errors.ts'
import type { Context, Transaction } from '../store/index.ts'
import type { RegisterParts } from './parts.ts'
import { checkReason } from './proposal.ts'
import { BY, entriesOf, isLiving, withEntries } from './records.ts'
import type { Item } from './types.ts'

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
      const before = row.sealed.series
      if (before !== null) tx.delete([...BY.series(context, before), row.id])
      if (series !== null) tx.put([...BY.series(context, series), row.id], new Uint8Array())
      const next = { ...row, sealed: { ...row.sealed, series } }
      items.put(tx, next)
      const detail = series === null ? 'out of its series' : `series ${series}`
      log.append(tx, by, row.id, { action: 'group', reason: why, detail })
      return items.view(tx, next)
    },

    async series(tx: Transaction, name: string): Promise<readonly Item[]> {
      const found: Item[] = []
      const range = { prefix: BY.series(context, name) }
      for await (const { key } of tx.range(range, { limit: SERIES_ITEMS_MAX })) {
        found.push(await items.view(tx, await items.need(tx, String(key.at(-1)))))
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
      if (row.id === other.id) throw new HindraError('CONFLICT', 'the two are one item already')
      const moved = entriesOf(other)
      if (!moved.some(({ clear }) => isLiving(clear))) {
        throw new HindraError('CONFLICT', `the item ${other.id} was retracted`)
      }
      const together = withEntries(row, [...entriesOf(row), ...moved])
      const joined = [...row.clear.joined, other.id, ...other.clear.joined]
      const next = { ...together, clear: { ...together.clear, joined } }
      const empty = withEntries(other, [])
      items.put(tx, next)
      items.put(tx, { ...empty, clear: { ...empty.clear, joined: [], joinedTo: row.id } })
      for (const { clear, sealed } of moved) {
        tx.put(BY.key(context, clear.list, sealed.key), Buffer.from(`${row.id}/${clear.id}`))
        tx.put([...BY.list(clear.list), clear.id], Buffer.from(row.id))
        const { sha256 } = sealed.hashes
        if (sha256 !== undefined) tx.put(BY.bytes(context, sha256), Buffer.from(row.id))
      }
      log.append(tx, by, row.id, { action: 'join', reason: why, detail: `with ${other.id}` })
      log.append(tx, by, other.id, { action: 'join', reason: why, detail: `to ${row.id}` })
      return items.view(tx, next)
    },
  }
}

function checkSeries(name: string | null): string | null {
  const text = name?.trim() ?? ''
  if (text.length > SERIES_CHARS_MAX) {
    throw new HindraError('INVALID_INPUT', `series: over ${SERIES_CHARS_MAX} characters`, {
      field: 'series',
    })
  }
  return text === '' ? null : text
}
