import type { Transaction } from '../store/index.ts'
import type { ReportLog } from './aws/report-log.ts'
import type { Envelopes } from './envelopes.ts'
import type { Inbox } from './inbox/inbox.ts'
import type { Outbox } from './outbox.ts'
import type { UndeliveredNotices } from './undelivered.ts'

/**
 * Removes the notices of a case. A mail that told of other cases too keeps what it said of those, and
 * loses the bytes
 * that were sent; what came back to it loses its text, which may quote any of them.
 */
export async function eraseNotices(
  tx: Transaction,
  caseId: string,
  {
    outbox,
    envelopes,
    inbox,
    undelivered,
    reports,
  }: {
    readonly outbox: Outbox
    readonly envelopes: Envelopes
    readonly inbox: Inbox
    readonly undelivered: Pick<UndeliveredNotices, 'settled'>
    readonly reports: Pick<ReportLog, 'forget'>
  },
): Promise<void> {
  for (const row of await outbox.list(tx, { caseId, limit: Infinity })) {
    const { envelopeId } = row.clear
    await inbox.forget(tx, row.id)
    if (envelopeId !== null) await envelopes.forget(tx, envelopeId, row.id)
    await undelivered.settled(tx, row.id)
    await reports.forget(tx, row.id)
    outbox.erase(tx, row)
  }
}
