import type { Audit } from '../audit/index.ts'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Context, Transaction } from '../store/index.ts'
import { type NoticeRow, type Outbox, releasedBy } from './outbox.ts'
import type { UndeliveredNotices } from './undelivered.ts'

export type Incomplete = ReturnType<typeof createIncomplete>

/**
 * Notices whose letter lacks a fact that it needs, or is not written at all: each is held for a person, who is
 * alerted as of what reached nobody, and goes by itself once nothing is missing.
 */
export function createIncomplete(
  { clock }: Pick<Context, 'clock'>,
  audit: Audit,
  parts: {
    readonly outbox: Outbox
    readonly undelivered: Pick<UndeliveredNotices, 'add' | 'settled' | 'isSetAside'>
  },
) {
  const { outbox, undelivered } = parts

  return {
    /** Holds it in the transaction in which it would have gone out. */
    async hold(
      tx: Transaction,
      by: string,
      row: NoticeRow,
      missing: readonly string[],
    ): Promise<void> {
      const why = { says: 'facts-missing', facts: missing.join(',') } as const
      const held = { state: 'held', heldFor: 'facts', heldUntil: null } as const
      await undelivered.add(tx, by, outbox.change(tx, by, row, held, why))
    },

    /** Lets go what lacks nothing any more and nobody has set aside; resolves to how many. */
    releaseComplete(
      by: string,
      missing: (tx: Transaction, row: NoticeRow) => Promise<readonly string[]>,
    ): Promise<number> {
      return outbox.workThrough('held', async (tx, row) => {
        if (row.clear.heldFor !== 'facts' || (await undelivered.isSetAside(tx, row.id)))
          return false
        if ((await missing(tx, row)).length > 0) return false
        await letGo(tx, by, row)
        return true
      })
    },

    /** A person says that the police agree. Throws CONFLICT where it waits for something else. */
    async agree(tx: Transaction, by: string, row: NoticeRow): Promise<NoticeRow> {
      if (row.clear.role !== 'site-owner' || row.clear.policeAgreedAt !== undefined) {
        throw new HindraError('CONFLICT', row.sealed.lastError ?? 'its letter lacks a fact')
      }
      audit.append(tx, { by, action: 'notice.police-agree', subject: row.id })
      const released = { policeAgreedAt: isoTime(clock.now()), ...releasedBy(row, by) }
      const agreed = outbox.change(tx, by, row, released)
      return letGo(tx, by, agreed)
    },
  }

  async function letGo(tx: Transaction, by: string, row: NoticeRow): Promise<NoticeRow> {
    await undelivered.settled(tx, row.id)
    return outbox.change(tx, by, row, { state: 'queued', heldFor: null }, null)
  }
}
