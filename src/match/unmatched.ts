import { isoTime } from '../core/index.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import type { Sighting } from '../intake/index.ts'
import {
  Collection,
  type Context,
  type Key,
  readCounter,
  type Transaction,
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
  /** Those of the look that matched nothing and that Hindra hashed itself. */
  keep(tx: Transaction, by: Submitter, seen: Seen): Promise<void>
  /** In order of their looks. */
  page(tx: Transaction, after: string | undefined, limit: number): Promise<readonly Unmatched[]>
  /** Kept after the barrier by a look that began before it; see `setBarrier`. */
  late(tx: Transaction, limit: number): Promise<readonly Unmatched[]>
  /** Looks that began at this version of the store, or before, may have missed what is known now. */
  setBarrier(tx: Transaction, version: Versionstamp): void
  /** It was compared with all that it may have missed. */
  settle(tx: Transaction, id: string): void
  /** Ids, those from before a time alone where one is given. */
  oldest(tx: Transaction, limit: number, beforeIso?: string): Promise<readonly string[]>
  /** Those that are still there; how many that were. */
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

const NAME = 'unmatched'
const AT_PLACE = 'unmatched-place'
const LATE = 'unmatched-late'
const COUNT: Key = ['unmatched-count']
const BARRIER: Key = ['unmatched-barrier']
const NOTHING = new Uint8Array()

export function createUnmatchedStore({
  sealer,
  clock,
  newId,
}: Pick<Context, 'sealer' | 'clock' | 'newId'>): UnmatchedStore {
  const records = new Collection<UnmatchedClear, UnmatchedSealed>(NAME, sealer)

  async function keepOne(tx: Transaction, sealed: UnmatchedSealed, isLate: boolean): Promise<void> {
    const place = placeOf(sealed)
    const former = await tx.get(place)
    if (former !== undefined) await erase(tx, [Buffer.from(former).toString()])
    const id = newId()
    records.put(tx, id, { at: isoTime(clock.now()) }, sealed)
    tx.put(place, Buffer.from(id))
    tx.add(COUNT, 1)
    if (isLate) tx.put([LATE, id], NOTHING)
  }

  async function erase(tx: Transaction, ids: readonly string[]): Promise<number> {
    let erased = 0
    for (const id of ids) {
      const row = await records.get(tx, id)
      if (row === undefined) continue
      records.delete(tx, id)
      tx.delete(placeOf(row.sealed))
      tx.delete([LATE, id])
      tx.add(COUNT, -1)
      erased += 1
    }
    return erased
  }

  function placeOf({ sighting: { url }, fingerprint: { sha256 } }: UnmatchedSealed): Key {
    return [AT_PLACE, sealer.digest(AT_PLACE, `${sha256} ${url}`)]
  }

  return {
    async keep(tx, by, { looked, since }) {
      const found = looked.flatMap((one) => unmatchedOf(by, one))
      if (found.length === 0) return
      const barrier = await tx.get(BARRIER)
      const isLate = barrier !== undefined && since <= Buffer.from(barrier).toString()
      for (const one of found) await keepOne(tx, one, isLate)
    },

    async page(tx, after, limit) {
      const found: Unmatched[] = []
      const start = after === undefined ? {} : { after: [NAME, after] }
      for await (const { id, clear, sealed } of records.rows(tx, { ...start, limit })) {
        found.push({ id, ...clear, ...sealed })
      }
      return found
    },

    async late(tx, limit) {
      const found: Unmatched[] = []
      for await (const { key } of tx.range({ prefix: [LATE] }, { limit })) {
        const { id, clear, sealed } = await records.need(tx, String(key[1]))
        found.push({ id, ...clear, ...sealed })
      }
      return found
    },

    setBarrier(tx, version) {
      tx.put(BARRIER, Buffer.from(version))
    },

    settle(tx, id) {
      tx.delete([LATE, id])
    },

    async oldest(tx, limit, beforeIso) {
      const found: string[] = []
      if (limit <= 0) return found
      for await (const { id, clear } of records.clearRows(tx)) {
        if (beforeIso !== undefined && clear.at >= beforeIso) break
        found.push(id)
        if (found.length >= limit) break
      }
      return found
    },

    erase,

    count: async (tx) => readCounter(await tx.get(COUNT)),

    async span(tx) {
      const first = async (reverse: boolean) => {
        for await (const { clear } of records.clearRows(tx, { reverse, limit: 1 })) return clear.at
        return null
      }
      return { oldestAt: await first(false), newestAt: await first(true) }
    },
  }
}

/** Hashes of a shrunk picture are a few bits off, those of a client accuse nobody: neither is kept. */
function unmatchedOf(by: Submitter, { sighting, fingerprint, judgement }: Looked) {
  if (judgement.verdict !== 'none' || fingerprint?.hasher !== 'pdq-fullres') return []
  const { url, pageUrl, fetchedAt } = sighting
  const place = {
    url,
    ...(pageUrl === undefined ? {} : { pageUrl }),
    ...(fetchedAt === undefined ? {} : { fetchedAt }),
  }
  return [{ by, sighting: place, fingerprint }]
}
