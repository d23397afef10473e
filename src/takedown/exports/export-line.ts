import type { Case, CaseHost } from '../../cases/index.ts'
import { noticeLine } from '../notice-part.ts'
import type { NoticeRow } from '../outbox.ts'
import type { Assessed, ExportLine, IccamAction } from './export-types.ts'

/** What was told to whom, as ICCAM calls it; to tell another hotline is no action of its own. */
const TOLD: Partial<Record<NoticeRow['clear']['role'], IccamAction['action']>> = {
  police: 'ReportedToLEA',
  host: 'ReportedToISP',
  platform: 'ReportedToISP',
  proxy: 'ReportedToISP',
}

export function exportLine(
  { id, clear }: NoticeRow,
  entry: Case,
  host: CaseHost | null,
  /** All notices of the case. */
  notices: readonly NoticeRow[],
  at: string,
  assessed: Assessed,
): ExportLine {
  const withdrawn = clear.step === 'correction'
  const removed = clear.step === 'removed'
  const {
    noticeId,
    caseId,
    url,
    pageUrl,
    addresses,
    host: name,
    country,
    basis,
    shown,
  } = noticeLine(entry, host, { id, step: clear.step }, null)
  const told = toldActions(entry, notices)
  return {
    noticeId,
    caseId,
    url,
    pageUrl,
    addresses,
    host: name,
    country,
    basis,
    shown,
    withdrawn,
    removed,
    ...(withdrawn && entry.takenBack !== null ? { takenBack: entry.takenBack } : {}),
    assessed,
    classification: entry.classification,
    asn: host?.asn ?? null,
    firstSeenAt: entry.openedAt,
    lastSeenAt: entry.lastSeenAt,
    actions: [
      ...told,
      ...(entry.takenBack === 'not-illegal' && withdrawn
        ? [{ action: 'NotIllegal', at } as const]
        : []),
      ...(removed ? [{ action: 'Removed', at: entry.removedAt ?? at } as const] : []),
    ],
  }
}

/** Who was told of a case since it was opened, or opened again, in ICCAM's words. */
export function toldActions(
  { reopened }: Pick<Case, 'reopened'>,
  notices: readonly NoticeRow[],
): readonly IccamAction[] {
  return notices.flatMap(({ clear: { role, sentAt, round, step } }) => {
    const action = TOLD[role]
    const counts = step !== 'correction' && round === reopened
    return action === undefined || sentAt === null || !counts ? [] : [{ action, at: sentAt }]
  })
}
