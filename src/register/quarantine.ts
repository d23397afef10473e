import type { Principal } from '../access/index.ts'
import { HOUR_MS, isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import {
  type Context,
  dropBelow,
  idsBelow,
  keySpace,
  readCounter,
  take,
  type Transaction,
  unlessDamaged,
} from '../store/index.ts'
import type { RegisterParts } from './register-parts.ts'
import { checkReason } from './proposal.ts'
import { statusOf } from './standing.ts'
import type { Item } from './item.ts'

/** How far back an item's own past is looked at. */
const PAST_DAYS = 30
const PAST_HOURS = PAST_DAYS * 24

export interface FloodSettings {
  /** New cases of one item in an hour, up to which it is no flood whatever its past; 0: never one. */
  readonly floodCasesPerHour: number
  /** How many times its own hourly rate of the last 30 days it must exceed as well. */
  readonly floodFactor: number
}

/** `goes-on`: it is in quarantine already, maybe without all of its cases being held. */
export type Flood = 'none' | 'begins' | 'goes-on'

/** Holds back an item that suddenly matches everywhere: more likely the item is wrong than the world. */
export function createQuarantine({ clock }: Context, { items, log }: RegisterParts) {
  return {
    /** See `Register`. */
    countCase(tx: Transaction, itemId: string): void {
      tx.add(CASES(itemId, hourOf(clock.now())), 1)
      tx.put(FRESH(itemId), new Uint8Array())
    },

    /** See `Register`. */
    withFreshCases: (tx: Transaction, limit: number): Promise<readonly string[]> =>
      take(idsBelow(tx, FRESH(), { limit })),

    /** See `Register`. */
    async checkFlood(
      tx: Transaction,
      itemId: string,
      { floodCasesPerHour, floodFactor }: FloodSettings,
    ): Promise<Flood> {
      const hour = hourOf(clock.now())
      const now = readCounter(await tx.get(CASES(itemId, hour)))
      const row = await unlessDamaged(items.find(tx, itemId))
      if (row === undefined) return 'none'
      if (row.clear.quarantinedAt !== null) return 'goes-on'
      if (floodCasesPerHour === 0 || now <= floodCasesPerHour) return 'none'
      if (now <= (floodFactor * (await pastCases(tx, itemId, hour))) / PAST_HOURS) return 'none'
      const quarantinedAt = isoTime(clock.now())
      items.change(tx, row, { ...row, clear: { ...row.clear, quarantinedAt } })
      const detail = `${now} new cases in an hour`
      const audited = { casesInHour: now }
      log.append(tx, { id: 'hindra' }, row.id, { action: 'quarantine', detail, audited })
      return 'begins'
    },

    /** See `Register`. */
    doneWithFresh(tx: Transaction, itemId: string): void {
      tx.delete(FRESH(itemId))
    },

    /** See `Register`. */
    async quarantined(tx: Transaction): Promise<number> {
      let count = 0
      for await (const id of items.by.quarantined.ids(tx, [])) {
        const row = await unlessDamaged(items.find(tx, id))
        if (row !== undefined && statusOf(row.clear.entries) !== 'retracted') count += 1
      }
      return count
    },

    /** See `Register`. */
    async release(tx: Transaction, by: Principal, itemId: string, reason: string): Promise<Item> {
      const why = checkReason(reason, true)
      const row = await items.need(tx, itemId)
      if (row.clear.quarantinedAt === null) {
        throw new HindraError('CONFLICT', { says: 'quarantine-none' })
      }
      const next = { ...row, clear: { ...row.clear, quarantinedAt: null } }
      items.change(tx, row, next)
      tx.delete(CASES(row.id, hourOf(clock.now())))
      log.append(tx, by, row.id, { action: 'release', reason: why })
      return items.view(tx, next)
    },
  }

  /** Forgets what is older. */
  async function pastCases(tx: Transaction, itemId: string, hour: number): Promise<number> {
    let cases = 0
    for await (const { key, value } of tx.range({ prefix: CASES(itemId) })) {
      const then = Number(key.at(-1))
      if (then < hour - PAST_HOURS) tx.delete(key)
      else if (then < hour) cases += readCounter(value)
    }
    return cases
  }
}

/** Forgets what is known of the cases that the item opened, for retention. */
export async function forgetCases(tx: Transaction, itemId: string): Promise<void> {
  tx.delete(FRESH(itemId))
  await dropBelow(tx, CASES(itemId))
}

/** Items that opened cases since they were looked at last. */
const FRESH = keySpace('item-fresh-cases')
/** New cases of an item by hour. */
const CASES = keySpace('item-cases')

function hourOf(timeMs: number): number {
  return Math.floor(timeMs / HOUR_MS)
}
