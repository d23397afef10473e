import { HindraError } from '../../errors.ts'
import type { TakeBackReason } from '../../cases/index.ts'
import type { ExportFormat, ExportLine, ExportText, NoticeExportView } from './export-types.ts'
import { scartCsv } from './scart-csv.ts'

const JSON_ENDING = '.json'
const SCART_ENDING = '.csv'
/** The endings of the files that a document may have been written to. */
export const EXPORT_ENDINGS = [JSON_ENDING, SCART_ENDING] as const

/** Throws INVALID_INPUT where a kind has no such format. */
export function exportText(
  view: NoticeExportView,
  lines: readonly ExportLine[],
  organisation: string,
  format: ExportFormat,
): ExportText {
  if (format === 'scart') {
    if (view.kind !== 'iccam') {
      throw new HindraError('INVALID_INPUT', 'only ICCAM exports have SCARt’s format', {
        field: 'format',
      })
    }
    const text = scartCsv(lines, organisation)
    return { fileName: `${view.name}${SCART_ENDING}`, contentType: 'text/csv; charset=utf-8', text }
  }
  const document = view.kind === 'iccam' ? iccam(view, lines) : interpol(view, lines)
  const text = `${JSON.stringify({ ...document, organisation }, null, 2)}\n`
  return { fileName: `${view.name}${JSON_ENDING}`, contentType: 'application/json', text }
}

/**
 * The document for the INHOPE hotline of a country: classification, actions and reasons in the words of ICCAM v3.
 * Schema `hindra-iccam/1`: fields may be added under this name, none is changed or taken away.
 */
function iccam({ id, country, madeAt }: NoticeExportView, lines: readonly ExportLine[]) {
  return {
    schema: 'hindra-iccam/1',
    export: id,
    country,
    createdAt: madeAt,
    reports: lines.map((line) => ({
      reference: line.noticeId,
      caseReference: line.caseId,
      url: line.url,
      referrer: line.pageUrl,
      classification: classificationOf(line),
      hostingCountry: line.country,
      hostingProvider: line.host,
      hostingAddresses: line.addresses,
      autonomousSystem: line.asn,
      firstSeenAt: line.firstSeenAt,
      lastSeenAt: line.lastSeenAt,
      basis: line.basis,
      ...shownOf(line),
      actions: line.actions,
      update: line.removed || line.withdrawn,
      reason: line.withdrawn ? 'Other' : null,
      ...said(line),
    })),
  }
}

/** Where it is no plain copy: what of it is shown, and when in the film. */
function shownOf({ shown }: ExportLine) {
  return !shown || shown.extent === 'copy' ? {} : { shown }
}

/** What is no field of ICCAM's own stands under a name of ours, and only where there is something to say. */
function said({ withdrawn, takenBack, assessed = {} }: ExportLine) {
  const { inDangerNow, ...rest } = assessed
  return {
    ...(inDangerNow === true && !withdrawn ? { inDangerNow } : {}),
    ...(Object.keys(rest).length === 0 || withdrawn ? {} : { assessed: rest }),
    ...(withdrawn ? { withdrawn: true, withdrawalReason: takenBack ?? null } : {}),
    ...(withdrawn && takenBack !== undefined ? { memo: MEMO[takenBack] } : {}),
  }
}

/** What is said to whoever reads ICCAM's memo and knows no field of ours. */
const MEMO: Readonly<Record<TakeBackReason, string>> = {
  'not-the-same':
    'Withdrawn by its sender: it is not the material that it was taken for. Nothing is said of whether it is legal.',
  'not-illegal': 'Withdrawn by its sender: it was assessed again and is not illegal.',
  'wrong-address':
    'Withdrawn by its sender: the material is not at this address. Nothing is said of whether the material is legal.',
  'item-retracted':
    'Withdrawn by its sender: what it was compared with was struck from the register. Nothing is said of whether it is legal.',
}

/** ICCAM's `Ignore` is for what was assessed as not illegal, and for nothing else that is taken back. */
function classificationOf({ withdrawn, takenBack, classification }: ExportLine) {
  if (!withdrawn) return classification
  // Documents of versions that did not tell why said so of all.
  return takenBack === undefined || takenBack === 'not-illegal' ? 'Ignore' : null
}

/** The record of a day for INTERPOL. Schema `hindra-interpol/1`, as above. */
function interpol({ id, day, madeAt }: NoticeExportView, lines: readonly ExportLine[]) {
  return {
    schema: 'hindra-interpol/1',
    export: id,
    day,
    createdAt: madeAt,
    records: lines.map((line) => ({
      reference: line.noticeId,
      caseReference: line.caseId,
      withdrawn: line.withdrawn,
      ...(line.withdrawn && line.takenBack !== undefined
        ? { withdrawalReason: line.takenBack }
        : {}),
      ...(line.withdrawn ? {} : { ...line.assessed }),
      classification: line.withdrawn ? null : line.classification,
      url: line.url,
      page: line.pageUrl,
      host: line.host,
      country: line.country,
      addresses: line.addresses,
      autonomousSystem: line.asn,
      firstSeenAt: line.firstSeenAt,
      lastSeenAt: line.lastSeenAt,
      basis: line.basis,
      ...shownOf(line),
      actions: line.actions,
    })),
  }
}
