import type { Case, Cases } from '../cases/index.ts'
import type { Config } from '../config.ts'
import { HOUR_MS, isoTime } from '../core/index.ts'
import type { Context, Key, Transaction } from '../store/index.ts'
import type { NoticeRow, Outbox } from './outbox.ts'
import { type StillKnown, standingCase } from './standing.ts'

const WAITING = 'notice-unreminded'
/** Notices looked at in one transaction. */
const PAGE = 100

/** A first notice waits under the time of sending until a reminder has gone out. */
export function awaitReminder(tx: Transaction, { id, clear }: NoticeRow): void {
  if (clear.sentAt !== null) tx.put([WAITING, clear.sentAt, id], new Uint8Array())
}

/** The reminder of this notice was sent. */
export function reminded(tx: Transaction, { id, clear }: NoticeRow): void {
  if (clear.sentAt !== null) tx.delete([WAITING, clear.sentAt, id])
}

/**
 * Queues a reminder for each notice that was sent `reminderHours` ago and whose media was seen
 * again since. Resolves to how many were queued.
 */
export function createReminders(
  { store, clock }: Context,
  parts: {
    readonly outbox: Outbox
    readonly cases: Cases
    readonly stillKnown: StillKnown
    readonly settings: Config['takedown']
  },
) {
  const { outbox, cases, stillKnown, settings } = parts

  return async function queueReminders(by: string): Promise<number> {
    const until = isoTime(clock.now() - settings.reminderHours * HOUR_MS)
    let queued = 0
    let after: Key | undefined
    do {
      const page = await store.transact((tx) => queuePage(tx, by, until, after))
      queued += page.queued
      after = page.last
    } while (after !== undefined)
    return queued
  }

  async function queuePage(
    tx: Transaction,
    by: string,
    until: string,
    after: Key | undefined,
  ): Promise<{ queued: number; last: Key | undefined }> {
    const keys: Key[] = []
    const options = { limit: PAGE, ...(after === undefined ? {} : { after }) }
    const due = { from: [WAITING], to: [WAITING, until] }
    for await (const { key } of tx.range(due, options)) keys.push(key)
    let queued = 0
    for (const key of keys) {
      if (await remind(tx, by, key)) queued += 1
    }
    return { queued, last: keys.length < PAGE ? undefined : keys.at(-1) }
  }

  async function remind(tx: Transaction, by: string, key: Key): Promise<boolean> {
    const first = await outbox.need(tx, String(key.at(-1)))
    const { caseId, round } = first.clear
    const entry = await cases.read(tx, caseId)
    const host = await cases.hostOf(tx, caseId)
    // Another host has been sent a notice of its own, and is reminded of that.
    if (isOver(entry, first) || host?.abuseContact !== first.sealed.recipient) {
      tx.delete(key)
      return false
    }
    const wanted = { caseId, round, step: 'reminder' as const }
    if (!isStillThere(entry, first)) return false
    if ((await standingCase(tx, cases, stillKnown, wanted)) === undefined) return false
    return (await outbox.add(tx, by, { ...wanted, host, remindsOf: first.id })) !== undefined
  }
}

/** A dispute can end well; everything else ends the round for which the notice was sent. */
function isOver(entry: Case, { clear }: NoticeRow): boolean {
  const waits = entry.status === 'in-progress' || entry.status === 'disputed'
  return !waits || entry.reopened !== clear.round
}

/** Seen after the notice had gone out: by a recheck, or by anybody else. */
function isStillThere(entry: Case, { clear }: NoticeRow): boolean {
  return clear.sentAt !== null && entry.lastSeenAt > clear.sentAt
}
