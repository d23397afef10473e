import { csvRow, SEMICOLONS } from '../../csv/index.ts'
import { SCART_COLUMNS } from '../../intake/index.ts'
import type { ExportLine } from './export-types.ts'

/**
 * The worker is the recipient's own and the type his to judge: both stay empty. What is taken back
 * is no report and is left out, as is what is gone; the JSON says it.
 */
export function scartCsv(lines: readonly ExportLine[], organisation: string): string {
  const rows = lines
    .filter(({ withdrawn, removed }) => !withdrawn && !removed)
    .map(({ url, pageUrl, noticeId }) => [url, pageUrl, null, noticeId, organisation, null])
  return [SCART_COLUMNS, ...rows].map((row) => csvRow(row, SEMICOLONS)).join('')
}
