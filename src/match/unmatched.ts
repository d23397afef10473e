import { defined, isoTime } from '../core/index.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import type { Sighting } from '../intake/index.ts'
import {
  type ClearRow,
  type Context,
  type Digester,
  idsBelow,
  keySpace,
  type IndexPlace,
  type Row,
  type Transaction,
  table,
  type Versionstamp,
} from '../store/index.ts'
import type { Submitter } from './claims.ts'
import type { Looked, Seen } from './page.ts'

/** A sighting that matched nothing, by Hindra's own look: what is verified later may be found in it. */
export interface Unmatched {
  readonly id: string
  /** When it was looked at, UTC ISO 8601. */
  readonly at: string
  readonly by: Submitter
  readonly sighting: Pick<Sighting, 'url' | 'pageUrl' | 'fetchedAt'>
  readonly fingerprint: Fingerprint
}

/**
 * Fingerprints of what matched nothing, sealed, where an operator chose to keep them: the one
 * exception to "counters only". One for the same bytes at the same URL, from the latest look.
 */
export interface UnmatchedStore {
  /** Keeps what the look gave that matched nothing and that Hindra hashed itself. */
  keep(tx: Transaction, by: Submitter, seen: Seen): Promise<void>
  /** Sightings in order of their looks. */
  page(tx: Transaction, after: string | undefined, limit: number): Promise<readonly Unmatched[]>
  /** Kept after the barrier by a look that began before it; see `setBarrier`. */
  late(tx: Transaction, limit: number): Promise<readonly Unmatched[]>
  /** Looks of an index that had followed up to this version, or less, may have missed what is known now. */
  setBarrier(tx: Transaction, version: Versionstamp): void
  /** Notes that it was compared with all that it may have missed. */
  settle(tx: Transaction, id: string): void
  /** Ids, those from before a time alone where one is given. */
  oldest(tx: Transaction, limit: number, beforeIso?: string): Promise<readonly string[]>
  /** Erases those that are still there; how many that were. */
  erase(tx: Transaction, ids: readonly string[]): Promise<number>
  count(tx: Transaction): Promise<number>
  /** Time of the oldest and of the newest; null where there is none. */
  span(
    tx: Transaction,
  ): Promise<{ readonly oldestAt: string | null; readonly newestAt: string | null }>
}

interface UnmatchedClear {
  readonly at: string
}
type UnmatchedSealed = Omit<Unmatched, 'id' | 'at'>
type UnmatchedRow = Row<UnmatchedClear, UnmatchedSealed>

const unmatchedTable = table<UnmatchedClear, UnmatchedSealed>(keySpace('unmatched')).with({
  by: { place: { unique: true, keys: keySpace('unmatched-place'), at: placeOf } },
  counts: { all: { keys: keySpace('unmatched-count'), at: () => [] } },
})

const LATE = keySpace('unmatched-late')
const BARRIER = keySpace('unmatched-barrier')
const NOTHING = new Uint8Array()

export function createUnmatchedStore({
  sealer,
  clock,
  newId,
}: Pick<Context, 'sealer' | 'clock' | 'newId'>): UnmatchedStore {
  const records = unmatchedTable(sealer)

  async function keepOne(tx: Transaction, sealed: UnmatchedSealed, isLate: boolean): Promise<void> {
    const former = await records.by.place.find(tx, placeOf({ sealed }, sealer))
    if (former !== undefined) remove(tx, former)
    const id = newId()
    records.add(tx, { id, clear: { at: isoTime(clock.now()) }, sealed })
    if (isLate) tx.put(LATE(id), NOTHING)
  }

  function remove(tx: Transaction, row: UnmatchedRow): void {
    records.remove(tx, row)
    tx.delete(LATE(row.id))
  }

  return {
    async keep(tx, by, { looked, since }) {
      const found = looked.flatMap((one) => unmatchedOf(by, one))
      if (found.length === 0) return
      const barrier = await tx.get(BARRIER())
      const isLate = barrier !== undefined && since <= Buffer.from(barrier).toString()
      for (const one of found) await keepOne(tx, one, isLate)
    },

    async page(tx, after, limit) {
      const rows = await records.page(tx, { after, limit })
      return rows.map(toUnmatched)
    },

    async late(tx, limit) {
      const found: Unmatched[] = []
      for await (const id of idsBelow(tx, LATE(), { limit })) {
        found.push(toUnmatched(await records.need(tx, id)))
      }
      return found
    },

    setBarrier(tx, version) {
      tx.put(BARRIER(), Buffer.from(version))
    },

    settle(tx, id) {
      tx.delete(LATE(id))
    },

    async oldest(tx, limit, beforeIso) {
      const isBefore = ({ clear }: ClearRow<UnmatchedClear>) =>
        beforeIso === undefined || clear.at < beforeIso
      return records.idsWhile(tx, limit, isBefore)
    },

    async erase(tx, ids) {
      let erased = 0
      for (const id of ids) {
        const row = await records.get(tx, id)
        if (row === undefined) continue
        remove(tx, row)
        erased += 1
      }
      return erased
    },

    count: (tx) => records.counts.all.at(tx, []),

    async span(tx) {
      const first = async (reverse: boolean) => {
        for await (const { clear } of records.clearRows(tx, { reverse, limit: 1 })) return clear.at
        return null
      }
      return { oldestAt: await first(false), newestAt: await first(true) }
    },
  }
}

/** The same bytes at the same URL. */
function placeOf({ sealed }: Pick<UnmatchedRow, 'sealed'>, sealer: Digester): IndexPlace {
  const { sighting, fingerprint } = sealed
  return [sealer.digest('unmatched-place', `${fingerprint.sha256} ${sighting.url}`)]
}

function toUnmatched({ id, clear, sealed }: UnmatchedRow): Unmatched {
  return { id, ...clear, ...sealed }
}

/** Hashes of a shrunk picture are a few bits off, those of a client accuse nobody: neither is kept. */
function unmatchedOf(by: Submitter, { sighting, fingerprint, judgement }: Looked) {
  if (judgement.verdict !== 'none' || fingerprint?.hasher !== 'pdq-fullres') return []
  const { url, pageUrl, fetchedAt } = sighting
  const place = {
    url,
    ...defined({ pageUrl, fetchedAt }),
  }
  return [{ by, sighting: place, fingerprint }]
}
