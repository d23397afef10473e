import { type Clock, isoTime, MINUTE_MS, type Sealer } from '../core/index.ts'
import { Collection } from './collection.ts'
import { unlessDamaged } from './damage.ts'
import { type KeySpace, keySpace } from './key-space.ts'
import type { Range, ReadTransaction, Store, Transaction } from './port.ts'
import { take } from './ranges.ts'

/** By whose clock a record ends: that of the house, or the real one, which no demonstration turns. */
type EndsBy = 'house' | 'wall'

interface ExpiringClear {
  readonly expiresAt: string
}

/** When each record of any kind may go: its clock, the minute, its kind and its id. */
const ENDS = keySpace('expiring-until')
const TRIMMED_AT_ONCE = 500
const NOTHING = new Uint8Array()

/**
 * Small sealed records of what is under way between two requests, so that it does not matter which process of the house
 * gets the second one. They end by themselves, and no key tells what they are of.
 */
export class Expiring<Sealed> {
  readonly #records: Collection<ExpiringClear, Sealed>
  readonly #sealer: Sealer
  readonly #clock: Clock
  readonly #endsBy: EndsBy

  constructor(
    space: KeySpace,
    { sealer, clock }: { readonly sealer: Sealer; readonly clock: Clock },
    endsBy: EndsBy = 'house',
  ) {
    this.#records = new Collection(space, sealer)
    this.#sealer = sealer
    this.#clock = clock
    this.#endsBy = endsBy
  }

  /** Undefined where it has ended, too. */
  async get(tx: ReadTransaction, name: string): Promise<Sealed | undefined> {
    const row = await this.#records.get(tx, this.#idOf(name))
    const isLiving = row !== undefined && row.clear.expiresAt > isoTime(this.#clock.now())
    return isLiving ? row.sealed : undefined
  }

  put(tx: Transaction, name: string, sealed: Sealed, untilMs: number): void {
    const id = this.#idOf(name)
    const expiresAt = isoTime(untilMs)
    this.#records.put(tx, id, { expiresAt }, sealed)
    tx.put(ENDS(this.#endsBy, trimmedAt(expiresAt), this.#records.name, id), NOTHING)
  }

  /** Puts it where none is; false where one is. */
  async add(tx: Transaction, name: string, sealed: Sealed, untilMs: number): Promise<boolean> {
    if ((await this.get(tx, name)) !== undefined) return false
    this.put(tx, name, sealed, untilMs)
    return true
  }

  delete(tx: Transaction, name: string): void {
    this.#records.delete(tx, this.#idOf(name))
  }

  #idOf(name: string): string {
    return this.#sealer.digest(this.#records.name, name)
  }
}

/** Removes what has ended by each clock. */
export async function trimExpired(
  { store, sealer }: { readonly store: Store; readonly sealer: Sealer },
  clocks: Readonly<Record<EndsBy, Clock>>,
): Promise<void> {
  for (const endsBy of ['house', 'wall'] as const) {
    const range = { from: ENDS(endsBy), to: ENDS(endsBy, isoTime(clocks[endsBy].now())) }
    for (let last = TRIMMED_AT_ONCE; last === TRIMMED_AT_ONCE; ) {
      last = await store.transact((tx) => trim(tx, range, sealer))
    }
  }
}

/** Up to so many at once; resolves to how many. */
async function trim(tx: Transaction, range: Range, sealer: Sealer): Promise<number> {
  const ended = await take(tx.range(range, { limit: TRIMMED_AT_ONCE }))
  for (const { key } of ended) {
    const [, , at, name = '', id = ''] = key.map(String)
    const records = new Collection<ExpiringClear, unknown>((...parts) => [name, ...parts], sealer)
    // What cannot be read any more ends, too.
    const clear = await unlessDamaged(records.getClear(tx, id))
    // Put anew since: then this is but where its former end was to be found.
    if (clear === undefined || trimmedAt(clear.expiresAt) === at) records.delete(tx, id)
    tx.delete(key)
  }
  return ended.length
}

/** The minute behind its end, so that one that is put often stands at few places. */
function trimmedAt(expiresAt: string): string {
  return isoTime(Math.ceil(Date.parse(expiresAt) / MINUTE_MS) * MINUTE_MS)
}
