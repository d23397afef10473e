import { setTimeout as sleep } from 'node:timers/promises'
import { dataRange, encodedOf } from '../layout.ts'
import { rowsOf } from '../rows.ts'
import type { KeyBytes } from '../tuple.ts'
import type { StoreView } from '../views.ts'
import { isRecord, type VersionLog } from './version-log.ts'

/** Between so many pairs others get their turn: a fifth of a core at most. */
const PAIRS_A_TURN = 2_000
const PAUSE_MS = 20

/** What a walk through all records of a view found. */
export interface Swept {
  /** Places whose copy is not the one that was written last. */
  readonly replayed: readonly KeyBytes[]
  /** Records that were written and are not there; null where the walk was broken off, or how many are to be there is not known. */
  readonly missing: number | null
}

/** Compares every record of a view with its newest version, at leisure. */
export async function sweep(
  { rows, state }: StoreView,
  versions: VersionLog,
  signal: AbortSignal,
): Promise<Swept> {
  const expected = versions.recordsIn(state)
  const replayed: KeyBytes[] = []
  let found = 0
  let pairs = 0
  for await (const [key, value] of rowsOf(rows.pages(dataRange()))) {
    const place = encodedOf(key)
    if (versions.isReplayed(place, value, state)) replayed.push(place)
    else if (isRecord(value)) found += 1
    pairs += 1
    if (pairs % PAIRS_A_TURN !== 0) continue
    await sleep(PAUSE_MS, undefined, { signal, ref: false }).catch(() => undefined)
    if (signal.aborted) return { replayed, missing: null }
  }
  // A replayed copy stands where a record is, or where one was removed.
  const atPlaces = replayed.filter((place) => versions.isThere(place, state)).length
  return { replayed, missing: expected === undefined ? null : expected - found - atPlaces }
}
