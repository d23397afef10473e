import { localDay } from '../core/index.ts'
import type { TipCategory, TipSource } from '../intake/index.ts'
import type { Verdict } from '../match/index.ts'
import { type Context, keySpace, readCounter, type Transaction } from '../store/index.ts'
import type { Period } from './period.ts'

/** What is counted where no record is kept. Of a sighting that matched nothing, this is all. */
export type CounterName =
  | 'sighting'
  | 'image'
  | 'film'
  | 'failed'
  | 'retroactive'
  | `verdict.${Verdict}`
  | `tip.${TipSource}`
  | 'tip-own-request'
  | `tip-without-url.${TipSource}`
  | `tip-category.${TipCategory}`
  | 'sister-mail'
  | 'sister-mail-attachment'
  | 'look'
  | 'look-further'
  | 'look-person'
  | `source.${string}`
  | `webhook.${'delivered' | 'dead'}`

export type Counts = ReadonlyMap<string, number>

const COUNTERS = keySpace('count')
const SOURCE = 'source.'

/** Where time is read off, for counting: the days are those of the house. */
export interface HouseTime extends Pick<Context, 'clock'> {
  /** The zone of the house, of the IANA database. */
  readonly timeZone: string
}

/**
 * One counter a day and name, never one a URL. Counting conflicts with nobody. Versions before time zones
 * counted by days of UTC, and what they counted stays where it is.
 */
export function addToCounter(
  { clock, timeZone }: HouseTime,
  tx: Transaction,
  name: CounterName,
  delta: number,
): void {
  tx.add(COUNTERS(localDay(clock.now(), timeZone), name), delta)
}

export async function readCounters(
  tx: Transaction,
  { firstDay, dayAfter }: Period,
): Promise<Counts> {
  const counts = new Map<string, number>()
  const range = { from: COUNTERS(firstDay), to: COUNTERS(dayAfter) }
  for await (const { key, value } of tx.range(range)) {
    const name = String(key[2])
    counts.set(name, (counts.get(name) ?? 0) + readCounter(value))
  }
  return counts
}

/** How many sightings each source of a key brought, by name; those of keys without one are absent. */
export function bySource(counts: Counts): Readonly<Record<string, number>> {
  const named = Array.from(counts).filter(([name]) => name.startsWith(SOURCE))
  return Object.fromEntries(named.map(([name, count]) => [name.slice(SOURCE.length), count]))
}
