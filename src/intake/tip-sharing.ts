import type { Principal } from '../access/index.ts'
import type { Assignments } from '../assignments/index.ts'
import {
  type Context,
  type ReadTransaction,
  KeptFacts,
  take,
  type Transaction,
} from '../store/index.ts'
import type { Tip } from './tip-fields.ts'
import type { QueueHours } from './queue-hours.ts'
import type { QueueTarget } from './queue-lanes.ts'
import { inTurn, targetsOf, type Waiting } from './tip-queue.ts'
import { tipOf, type TipRow, type tipTable, urlPlace, waitingOf } from './tip-records.ts'

/** The places of the queue. */
const PRIORITIES = [1, 2, 3]

/** How people share the queue out: who works on what tips tell of, and what is free. */
export interface TipSharing {
  /** A person acts on what new tips tell of a URL. Throws ASSIGNED where another works on one of them. */
  workOn(tx: Transaction, by: Principal, url: string): Promise<void>
  /** What a person has taken of a URL is free again: they have done their part. */
  release(tx: Transaction, by: Principal, url: string): Promise<void>
  /** How the whole queue stands against its targets, those who work on some of it included. */
  targets(tx: Transaction): Promise<readonly QueueTarget[]>
  /**
   * The first of the queue that nobody works on, on whose URLs nobody does.
   *
   * @param isMeant Others of the queue are left out
   */
  free(
    tx: Transaction,
    by: Principal,
    limit: number,
    isMeant: (tip: Tip) => Promise<boolean>,
  ): Promise<readonly Tip[]>
}

export function createTipSharing(
  { sealer, clock }: Pick<Context, 'sealer' | 'clock'>,
  tips: ReturnType<typeof tipTable>,
  assignments: Pick<Assignments, 'workOn' | 'heldBy' | 'end'>,
  hours: QueueHours,
) {
  const queue = new KeptFacts(
    { prefix: () => tips.by.queue.prefix(), rows: noted, get: notedOf },
    (tip) => tip,
  )
  const sharing: TipSharing = {
    workOn,

    async release(tx, by, url) {
      for (const { id } of await atSameUrl(tx, url)) {
        if ((await assignments.heldBy(tx, 'tip', id)) === by.id)
          await assignments.end(tx, 'tip', id)
      }
    },

    targets: async (tx) => targetsOf(await allWaiting(tx), clock.now(), hours),

    async free(tx, by, limit, isMeant) {
      const found: Tip[] = []
      for (const { id } of await inQueue(tx)) {
        if (found.length >= limit) break
        const row = await tips.need(tx, id)
        if ((await isFree(tx, by, row)) && (await isMeant(tipOf(row)))) found.push(tipOf(row))
      }
      return found
    },
  }

  return { ...sharing, inQueue }

  /** All that waits, in the order in which it is to be looked at. */
  async function inQueue(tx: Transaction) {
    return [...inTurn(await allWaiting(tx), clock.now(), hours)]
  }

  async function allWaiting(tx: Transaction): Promise<readonly Waiting[]> {
    const waiting: Waiting[] = []
    await queue.each(tx, (tip) => waiting.push(tip))
    return waiting
  }

  async function workOn(tx: Transaction, by: Principal, url: string): Promise<void> {
    for (const { id, clear } of await atSameUrl(tx, url)) {
      if (clear.status === 'new') await assignments.workOn(tx, by, 'tip', id)
    }
  }

  /** Nobody has taken it, nor another tip on its URL. */
  async function isFree(tx: Transaction, by: Principal, { id, sealed }: TipRow): Promise<boolean> {
    if ((await assignments.heldBy(tx, 'tip', id)) !== undefined) return false
    if (sealed.url === undefined) return true
    for (const { id: other, clear } of await atSameUrl(tx, sealed.url)) {
      const holder = clear.status === 'new' ? await assignments.heldBy(tx, 'tip', other) : undefined
      if (holder !== undefined && holder !== by.id) return false
    }
    return true
  }

  async function* noted(tx: ReadTransaction): AsyncIterable<Waiting> {
    for await (const { id, note } of tips.by.queue.notes(tx, [])) yield waitingAt(tx, id, note)
  }

  async function notedOf(tx: ReadTransaction, id: string): Promise<Waiting | undefined> {
    for (const priority of PRIORITIES) {
      const note = await tips.by.queue.note(tx, [priority], id)
      if (note !== undefined) return waitingAt(tx, id, note)
    }
    return undefined
  }

  /** Tips that were queued by an older version say nothing of themselves there. */
  async function waitingAt(tx: ReadTransaction, id: string, note: string): Promise<Waiting> {
    if (note !== '') return JSON.parse(note) as Waiting
    return waitingOf(await tips.need(tx, id))
  }

  function atSameUrl(tx: Transaction, url: string): Promise<readonly TipRow[]> {
    return take(tips.by.url.rows(tx, urlPlace(sealer, url)))
  }
}
