import { defined } from '../core/index.ts'
import type { Key, ReadTransaction, Store, Transaction } from './port.ts'

/** What a page is asked by. */
export interface PageOptions {
  /** Id of the last one of the page before. */
  readonly after?: string | undefined
  readonly limit?: number | undefined
  /** Newest first. */
  readonly reverse?: boolean
}

/** Which ids below a key. */
export interface IdOptions extends PageOptions {
  /** Only ids that sort before this one. */
  readonly before?: string | undefined
}

const everything = () => true
const FIRST_ROUND = 200
const FIRST_BATCH = 32
const BATCH_MAX = 512

/** The first that are meant, up to a limit; reads nothing behind them. */
export async function take<Found>(
  found: AsyncIterable<Found>,
  limit = Infinity,
  isMeant: (one: Found) => boolean = everything,
): Promise<Found[]> {
  const taken: Found[] = []
  if (limit <= 0) return taken
  for await (const one of found) {
    if (isMeant(one)) taken.push(one)
    if (taken.length >= limit) break
  }
  return taken
}

/** Counts those that are meant, and reads nothing once there are `max`. */
export async function countUpTo<Found>(
  max: number,
  found: AsyncIterable<Found>,
  isMeant: (one: Found) => boolean = everything,
): Promise<number> {
  let count = 0
  if (max <= 0) return count
  for await (const one of found) {
    if (isMeant(one)) count += 1
    if (count >= max) break
  }
  return count
}

/**
 * Which of several has the fewest; the first where each has `max`. They are counted in rounds, each further than the
 * one before, so that a short one is known as such at the cost of its own length.
 */
export async function fewest<Found>(
  several: readonly (() => AsyncIterable<Found>)[],
  max: number,
): Promise<number> {
  if (several.length < 2) return 0
  for (let most = Math.min(FIRST_ROUND, max); ; most = Math.min(most * 4, max)) {
    const counts: number[] = []
    for (const one of several) counts.push(await countUpTo(most, one()))
    const least = Math.min(...counts)
    if (least < most || most === max) return counts.indexOf(least)
  }
}

/** What comes, some at a time: few at first, for whoever wants few, and more as it goes on. */
export async function* inBatches<Found>(
  found: AsyncIterable<Found>,
): AsyncIterable<readonly Found[]> {
  let batch: Found[] = []
  let size = FIRST_BATCH
  for await (const one of found) {
    batch.push(one)
    if (batch.length < size) continue
    yield batch
    batch = []
    size = Math.min(size * 2, BATCH_MAX)
  }
  if (batch.length > 0) yield batch
}

/** The ids that end the keys below a prefix, in their order. */
export async function* idsBelow(
  tx: ReadTransaction,
  prefix: Key,
  options?: IdOptions,
): AsyncIterable<string> {
  for await (const { id } of pairsBelow(tx, prefix, options)) yield id
}

/** The same, with what each key holds. */
export async function* pairsBelow(
  tx: ReadTransaction,
  prefix: Key,
  { after, before, limit = Infinity, reverse = false }: IdOptions = {},
): AsyncIterable<{ readonly id: string; readonly value: Uint8Array }> {
  const range = before === undefined ? { prefix } : { from: prefix, to: [...prefix, before] }
  const start = after === undefined ? {} : { after: [...prefix, after] }
  for await (const { key, value } of tx.range(range, { limit, reverse, ...start })) {
    yield { id: endOf(key), value }
  }
}

/** An entry of an index in time. */
export interface Due {
  readonly id: string
  /** Where it stands: the next page begins behind it. */
  readonly key: Key
}

/** Those below an index in time that are due by a time, the longest due first. */
export async function dueBelow(
  tx: ReadTransaction,
  prefix: Key,
  until: string,
  { after, limit = Infinity }: { readonly after?: Key | undefined; readonly limit?: number },
): Promise<readonly Due[]> {
  const due: Due[] = []
  // Ids are hex digits and hyphens: all of them sort before this.
  const range = { from: prefix, to: [...prefix, until, '~'] }
  const start = defined({ after })
  for await (const { key } of tx.range(range, { limit, ...start }))
    due.push({ id: endOf(key), key })
  return due
}

/** Deletes what is below a prefix, up to a limit; true when nothing is left of it. */
export async function dropBelow(tx: Transaction, prefix: Key, limit = Infinity): Promise<boolean> {
  let count = 0
  for await (const { key } of tx.range({ prefix }, { limit })) {
    tx.delete(key)
    count += 1
  }
  return count < limit
}

/** What one transaction found, or did, of a long piece of work. */
export interface Page<Found, Place> {
  readonly found: Found
  /** Where the next one goes on; undefined where nothing is left. */
  readonly last: Place | undefined
}

/** Page after page, a transaction each, so that what others write meanwhile waits for none of it. */
export async function* inPages<Found, Place>(
  store: Pick<Store, 'transact'>,
  work: (tx: Transaction, after: Place | undefined) => Promise<Page<Found, Place>>,
): AsyncIterable<Found> {
  let after: Place | undefined
  do {
    const from = after
    const { found, last } = await store.transact((tx) => work(tx, from))
    yield found
    after = last
  } while (after !== undefined)
}

/** The sum of what `inPages` found. */
export async function sumOfPages<Place>(
  store: Pick<Store, 'transact'>,
  work: (tx: Transaction, after: Place | undefined) => Promise<Page<number, Place>>,
): Promise<number> {
  let sum = 0
  for await (const count of inPages(store, work)) sum += count
  return sum
}

function endOf(key: Key): string {
  return String(key.at(-1))
}
