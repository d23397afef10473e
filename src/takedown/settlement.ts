import type { Cases } from '../cases/index.ts'
import type { Config } from '../config.ts'
import { HOUR_MS, isoTime, MINUTE_MS, putOff, type PutOff, SECOND_MS } from '../core/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import type { ReportLog } from './aws/report-log.ts'
import type { EnvelopeRow, Envelopes } from './envelopes.ts'
import type { Ladder } from './ladder.ts'
import { type DeliveryError, deliveryFault } from './delivery-error.ts'
import type { NoticeClear, NoticeRow, Outbox } from './outbox.ts'
import type { Pace } from './pace.ts'
import type { Removals } from './removals.ts'
import type { UndeliveredNotices } from './undelivered.ts'

/** Longest wait that the other side can ask for. */
const ASKED_MAX_MS = 24 * HOUR_MS

/** Writes down what became of an envelope that was handed over. */
export function createSettlement(
  { clock }: Context,
  parts: {
    readonly outbox: Outbox
    readonly envelopes: Envelopes
    readonly cases: Cases
    readonly ladder: Ladder
    readonly undelivered: Pick<UndeliveredNotices, 'add' | 'settled'>
    readonly removals: Pick<Removals, 'sent'>
    readonly reports: Pick<ReportLog, 'taken'>
    readonly pace: Pace
    readonly settings: Config['takedown']
  },
) {
  const { outbox, envelopes, cases, ladder, undelivered, removals, reports, pace, settings } = parts

  return {
    /**
     * Resolves to how many notices went out with it.
     *
     * @param response What the other side said of it; absent where something else proves that it has it
     */
    async sent(tx: Transaction, by: string, id: string, response = ''): Promise<number> {
      const { envelope, rows } = await read(tx, id)
      envelopes.change(tx, envelope, { state: 'sent', retryAt: null })
      if (rows[0] !== undefined) pace.count(tx, rows[0])
      for (const row of rows) {
        await told(tx, by, row)
        const { channel } = row.sealed.to
        const isAws = channel.kind === 'http-api' && channel.api === 'aws-abuse-signal'
        if (isAws) await reports.taken(tx, row.id, response)
      }
      return rows.length
    },

    /** Somebody was told by this notice, by whatever way. */
    told,
    /** Notes that it went out, and came back. */
    bounced: (tx: Transaction, by: string, row: NoticeRow, words: string): Promise<void> =>
      unread(
        tx,
        by,
        outbox.change(tx, by, row, { state: 'bounced' }, { says: 'came-back', words }),
      ),

    async notSent(tx: Transaction, by: string, id: string, error: DeliveryError): Promise<void> {
      const { envelope, rows } = await read(tx, id)
      const fault = deliveryFault(error)
      const attempts = Math.max(...rows.map(({ clear }) => clear.attempts))
      // A relay that is away says nothing of a mail: it is no attempt, and never the last one.
      const isAway = error.fault === 'unavailable'
      const isLast = error.fault === 'refused' || (!isAway && attempts >= settings.attemptsMax)
      const waiting = waitOf(isAway ? 1 : attempts, error.retryAfterSeconds ?? 0)
      const change = (clear: (row: NoticeRow) => Partial<NoticeClear>) => {
        for (const row of rows) outbox.change(tx, by, row, clear(row), fault)
      }
      if (isLast) {
        envelopes.change(tx, envelope, { state: 'failed', retryAt: null })
        const possiblyDoubled = error.fault === 'unanswered'
        change((row) => ({
          state: 'failed',
          possiblyDoubled: possiblyDoubled || row.clear.possiblyDoubled,
        }))
        for (const { id: noticeId } of rows) await unread(tx, by, await outbox.need(tx, noticeId))
        return
      }
      const attemptsOf = ({ clear }: NoticeRow) => clear.attempts - (isAway ? 1 : 0)
      if (error.fault === 'unanswered' || envelope.clear.uncertain) {
        // It may lie in the mailbox already: only the same bytes may follow.
        envelopes.change(tx, envelope, { uncertain: true, ...waiting })
        change((row) => ({ possiblyDoubled: true, attempts: attemptsOf(row) }))
        return
      }
      envelopes.drop(tx, envelope)
      change((row) => ({
        state: 'queued',
        ...waiting,
        attempts: attemptsOf(row),
        envelopeId: null,
        messageId: null,
      }))
    },
  }

  /** The ladder need not wait, and a person hears of it. */
  async function unread(tx: Transaction, by: string, row: NoticeRow): Promise<void> {
    await ladder.unread(tx, by, row)
    await undelivered.add(tx, by, row)
  }

  async function told(tx: Transaction, by: string, row: NoticeRow): Promise<void> {
    await undelivered.settled(tx, row.id)
    const sentAt = isoTime(clock.now())
    const gone = outbox.change(tx, by, row, { state: 'sent', sentAt, heldFor: null }, null)
    await ladder.sent(tx, by, gone)
    removals.sent(tx, gone)
    if (gone.clear.step === 'notice') await cases.markNotified(tx, by, gone.clear.caseId)
  }

  async function read(
    tx: Transaction,
    id: string,
  ): Promise<{ envelope: EnvelopeRow; rows: NoticeRow[] }> {
    const envelope = await envelopes.need(tx, id)
    const rows: NoticeRow[] = []
    for (const noticeId of envelope.clear.noticeIds) rows.push(await outbox.need(tx, noticeId))
    return { envelope, rows }
  }

  function waitOf(attempts: number, askedSeconds: number): Required<PutOff> {
    const ownMs = settings.retryMinutes * 2 ** (attempts - 1) * MINUTE_MS
    const askedMs = Math.min(askedSeconds * SECOND_MS, ASKED_MAX_MS)
    const nowMs = clock.now()
    return putOff(nowMs + Math.max(ownMs, askedMs), nowMs)
  }
}
