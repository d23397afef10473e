import type { ExportLine } from './export-types.ts'

/** SCARt's import file (docs/basic/import.md of AbuseIO/SCART-docs): only the URL is required. */
const COLUMNS = ['URL', 'REFERER', 'WORKUSER-EMAIL', 'REFERENCE', 'SOURCE', 'TYPE']

/**
 * The worker is the recipient's own and the type his to judge: both stay empty. What is taken back
 * is no report and is left out, as is what is gone; the JSON says it.
 */
export function scartCsv(lines: readonly ExportLine[], organisation: string): string {
  const rows = lines
    .filter(({ withdrawn, removed }) => !withdrawn && !removed)
    .map(({ url, pageUrl, noticeId }) => [url, pageUrl ?? '', '', noticeId, organisation, ''])
  return [COLUMNS, ...rows].map((row) => `${row.map(cell).join(';')}\r\n`).join('')
}

/** Quoted where it must be; what a spreadsheet would run as a formula begins with an apostrophe. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
