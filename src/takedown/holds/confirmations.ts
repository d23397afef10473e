import type { Audit } from '../../audit/index.ts'
import type { Cases } from '../../cases/index.ts'
import { HOUR_MS, isoTime } from '../../core/index.ts'
import type { Context, Transaction } from '../../store/index.ts'
import type { NoticeRow, Outbox } from '../outbox.ts'
import { type Addressee, isAfterword } from '../notice.ts'

/**
 * How often a case is confirmed within a day. Whoever has so much to say is telephoned; and two machines that answer
 * each other come to an end.
 */
const CONFIRMED_MAX = 5
const DAY_HOURS = 24

export type Confirmations = ReturnType<typeof createConfirmations>

/**
 * A reply of the police that was heeded is answered by a letter that says what holds now, with a word for their
 * next reply. It goes to the approved contact, whatever the reply asks for, and is a notice like others, so that no
 * crash loses or doubles it: it is queued in the transaction that heeds the reply.
 */
export function createConfirmations(
  { clock }: Pick<Context, 'clock'>,
  audit: Audit,
  parts: { readonly outbox: Outbox; readonly cases: Pick<Cases, 'read'> },
) {
  const { outbox, cases } = parts

  return {
    /**
     * Queues the confirmation of one case; those of one reply go in one letter.
     *
     * @param answered The notice of the case that was replied to
     */
    async queue(
      tx: Transaction,
      by: string,
      replyId: string,
      answered: NoticeRow,
      to: Addressee,
    ): Promise<void> {
      const { caseId, step, remindsOf } = answered.clear
      const { reopened: round } = await cases.read(tx, caseId)
      if ((await countToday(tx, caseId)) >= CONFIRMED_MAX) {
        const detail = { replyId }
        audit.append(tx, { by, action: 'hold.unconfirmed', subject: caseId, detail })
        return
      }
      // It cites the letter that told them of the case, however often they reply.
      const letterId = isAfterword(step) ? (remindsOf ?? answered.id) : answered.id
      const wanted = { caseId, round, to, remindsOf: letterId, confirms: replyId }
      await outbox.add(tx, by, { ...wanted, step: 'confirmation' })
    },
  }

  async function countToday(tx: Transaction, caseId: string): Promise<number> {
    const since = isoTime(clock.now() - DAY_HOURS * HOUR_MS)
    const rows = await outbox.list(tx, { caseId, limit: Infinity })
    return rows.filter(({ clear }) => clear.step === 'confirmation' && clear.queuedAt > since)
      .length
  }
}
