import type { Audit } from '../audit/index.ts'
import type { Case, Cases } from '../cases/index.ts'
import type { Config } from '../config.ts'
import { HOUR_MS, isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Router } from '../route/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import type { Errands } from './errands/errands.ts'
import { isReplaced } from './ladder.ts'
import { isOf, type NoticeFilter } from './notice-table.ts'
import type { NoticeRow, Outbox } from './outbox.ts'
import { createWaiting, type WaitingClear } from './waiting.ts'
import type { Addressee, Undelivered } from './notice.ts'

/** Whether it still matters is looked at so often, while nobody does anything about it. */
const LOOK_HOURS = 1
const PAGE = 100
const REMEDY =
  'mend what refuses it and `hindra notices retry ID` (--mail ADDRESS for another one), or tell them ' +
  'by hand and `hindra notices told ID`, or `hindra notices set-aside ID --reason "..."`'

export type UndeliveredNotices = ReturnType<typeof createUndelivered>

/**
 * Notices that reached nobody and will not by themselves: refused for good, given up, bounced. Each
 * waits for a person, who is alerted until it went out, was told by hand, was set aside, or nobody need
 * be told any more.
 */
export function createUndelivered(
  context: Context,
  audit: Audit,
  parts: {
    readonly outbox: Outbox
    readonly cases: Cases
    readonly router: Pick<Router, 'decide'>
    readonly errands: Pick<Errands, 'open' | 'close'>
    readonly settings: Pick<Config['takedown'], 'undeliveredHours'>
  },
) {
  const { store, clock } = context
  const { outbox, cases, router, errands, settings } = parts
  const waiting = createWaiting(context)

  return {
    /** Adds it in the transaction in which it came to nothing. */
    async add(tx: Transaction, by: string, row: NoticeRow): Promise<void> {
      const known = await waiting.get(tx, row.id)
      const now = isoTime(clock.now())
      const fresh = { caseId: row.clear.caseId, since: now, alerts: 0, alertAt: now, lookAt: now }
      await alert(tx, by, row, { ...fresh, ...known?.clear, setAside: null })
    },

    /** Settles what went out, was told, or is to be forgotten. */
    settled,

    /** Alerts again, and lets go what nobody need be told any more; resolves to how many alerts. */
    lookDue(by: string): Promise<number> {
      const until = isoTime(clock.now())
      return waiting.due.workOff(store, until, PAGE, (tx, id) => look(tx, by, id))
    },

    /** A person decides that it need not arrive. Throws CONFLICT, INVALID_INPUT without a reason. */
    async setAside(tx: Transaction, by: string, row: NoticeRow, reason: string): Promise<void> {
      if (reason.trim() === '') {
        throw new HindraError(
          'INVALID_INPUT',
          { says: 'aside-reason' },
          {
            field: 'reason',
          },
        )
      }
      const { clear } = await needed(tx, row)
      const at = isoTime(clock.now())
      await waiting.put(tx, row.id, { ...clear, setAside: { at, by } }, reason)
      errands.close(tx, 'undelivered', row.id)
      audit.append(tx, { by, action: 'notice.set-aside', subject: row.id })
    },

    /**
     * Sends it again, with its attempts counted anew, and to another mail address where one is given.
     * Throws CONFLICT.
     */
    async retry(tx: Transaction, by: string, row: NoticeRow, mail?: string): Promise<void> {
      await needed(tx, row)
      const detail = { readdressed: mail !== undefined }
      audit.append(tx, { by, action: 'notice.retry', subject: row.id, detail })
      const { to } = row.sealed
      const other = mail === undefined ? {} : { channel: { kind: 'mail', address: mail } as const }
      again(tx, by, row, { ...to, ...other })
    },

    /** A person decided that it need not arrive. */
    isSetAside,

    /** False where a person has set it aside. */
    async retryUnlessSetAside(tx: Transaction, by: string, row: NoticeRow): Promise<boolean> {
      if (await isSetAside(tx, row.id)) return false
      again(tx, by, row, row.sealed.to)
      return true
    },

    /** The notice as lists show it; null where it waits for nobody. */
    async shown(tx: Transaction, { id, clear }: NoticeRow): Promise<Undelivered | null> {
      if (!isUndelivered(clear)) return null
      const row = await waiting.get(tx, id)
      if (row === undefined) return null
      const { since, alerts, alertAt, setAside } = row.clear
      const { reason } = row.sealed
      if (setAside !== null) {
        return { since, alerts, nextAlertAt: null, remedy: null, setAside: { ...setAside, reason } }
      }
      return { since, alerts, nextAlertAt: alertAt, remedy: remedyOf(clear), setAside: null }
    },

    /** The rows that wait for a person, in order of queueing. */
    async rows(tx: Transaction, filter: NoticeFilter): Promise<readonly NoticeRow[]> {
      const { after = '', limit = 100 } = filter
      const rows: NoticeRow[] = []
      for (const id of await waiting.ids(tx)) {
        if (rows.length >= limit) break
        if (id <= after) continue
        const row = await outbox.need(tx, id)
        if (isUndelivered(row.clear) && isOf(filter, row)) rows.push(row)
      }
      return rows
    },

    count: async (tx: Transaction): Promise<number> => (await waiting.ids(tx)).length,
  }

  async function settled(tx: Transaction, id: string): Promise<void> {
    await waiting.remove(tx, id)
    errands.close(tx, 'undelivered', id)
  }

  async function isSetAside(tx: Transaction, id: string): Promise<boolean> {
    const found = await waiting.get(tx, id)
    return found !== undefined && found.clear.setAside !== null
  }

  function again(tx: Transaction, by: string, row: NoticeRow, to: Addressee): void {
    errands.close(tx, 'undelivered', row.id)
    outbox.change(
      tx,
      by,
      { ...row, sealed: { ...row.sealed, to } },
      {
        state: 'queued',
        channel: to.channel.kind,
        attempts: 0,
        retryAt: null,
        envelopeId: null,
        messageId: null,
        sentAt: null,
        heldFor: null,
      },
    )
  }

  async function needed(tx: Transaction, row: NoticeRow) {
    const found = isUndelivered(row.clear) ? await waiting.get(tx, row.id) : undefined
    if (found !== undefined) return found
    throw new HindraError('CONFLICT', { says: 'notice-not-waiting', state: row.clear.state })
  }

  /** Whether a person was alerted. */
  async function look(tx: Transaction, by: string, id: string): Promise<boolean> {
    const row = await outbox.need(tx, id)
    const { clear } = await waiting.need(tx, id)
    const entry = await cases.read(tx, clear.caseId)
    if (row.clear.state === 'withdrawn' || (await isMoot(tx, by, row, entry))) {
      await settled(tx, id)
      return false
    }
    // Under way again, or about what may turn out not to stand.
    const rests = !isUndelivered(row.clear) || entry.status === 'disputed'
    if (rests || clear.alertAt > isoTime(clock.now())) {
      const { alertAt } = clear
      const soon = later(LOOK_HOURS)
      const lookAt = !rests && alertAt < soon ? alertAt : soon
      await waiting.put(tx, id, { ...clear, lookAt }, '')
      return false
    }
    await alert(tx, by, row, clear)
    return true
  }

  async function alert(
    tx: Transaction,
    by: string,
    { id, clear: { caseId, step }, sealed: { to } }: NoticeRow,
    before: WaitingClear,
  ): Promise<void> {
    const times = before.alerts + 1
    const next = { alertAt: later(settings.undeliveredHours), lookAt: later(LOOK_HOURS) }
    await waiting.put(tx, id, { ...before, ...next, alerts: times }, '')
    await cases.alertUndelivered(tx, caseId, { id, step, times })
    // That alert, which is repeated, is the alert of it.
    const isUrgent = to.priority === 1
    await errands.open(tx, by, { kind: 'undelivered', about: id, caseId, isUrgent }, null)
    audit.append(tx, { by, action: 'notice.undelivered', subject: id, detail: { caseId, times } })
  }

  /** The case is over, or somebody else is told in their place. A correction is owed for ever. */
  async function isMoot(
    tx: Transaction,
    by: string,
    row: NoticeRow,
    entry: Case,
  ): Promise<boolean> {
    const { clear } = row
    if (clear.step === 'correction' || clear.step === 'answer') return false
    const isPursued = ['open', 'in-progress', 'disputed'].includes(entry.status)
    const host = await cases.hostOf(tx, entry.id)
    if (!isPursued || host === null || entry.reopened !== clear.round) return true
    return isReplaced(await router.decide(tx, by, entry, host), row)
  }

  function later(hours: number): string {
    return isoTime(clock.now() + hours * HOUR_MS)
  }
}

export function isUndelivered({ state, heldFor }: NoticeRow['clear']): boolean {
  return state === 'failed' || state === 'bounced' || (state === 'held' && heldFor === 'facts')
}

const COMPLETE =
  'complete what the letter lacks, and it goes by itself; or tell them by hand and `hindra notices told ID`, ' +
  'or `hindra notices set-aside ID --reason "..."`'

function remedyOf({ step, heldFor }: NoticeRow['clear']): string {
  if (heldFor === 'facts') return COMPLETE
  return step === 'correction' ? `whoever was told stays wrongly told: ${REMEDY}` : REMEDY
}
