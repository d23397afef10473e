import { type ListedEntry, listedHashesOf } from '../register/index.ts'
import { CSV_COLUMNS } from './csv.ts'

export const EXPORT_FORMATS = ['csv', 'local_file', 'threatexchange'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** An entry as it may leave: what `readList` reads back. */
export type Exported = Pick<
  ListedEntry,
  | 'key'
  | 'classification'
  | 'status'
  | 'sourceReference'
  | 'jurisdiction'
  | 'victimIdentified'
  | 'selfGenerated'
  | 'note'
> & {
  readonly kind: ListedEntry['hashes']['kind']
  readonly hashes: ReturnType<typeof listedHashesOf>
}

export function exported(entry: ListedEntry): Exported {
  const { key, classification, status, hashes } = entry
  const { sourceReference, jurisdiction, victimIdentified, selfGenerated, note } = entry
  return {
    ...{ key, classification, status, kind: hashes.kind, hashes: listedHashesOf(hashes) },
    ...{ sourceReference, jurisdiction, victimIdentified, selfGenerated, note },
  }
}

/** Entries as a file of the format, in pieces; retracted ones are said to be deleted where it can. */
export async function* writeList(
  format: ExportFormat,
  entries: AsyncIterable<Exported>,
): AsyncGenerator<string> {
  if (format === 'csv') yield `${CSV_COLUMNS.join(',')}\n`
  if (format === 'threatexchange') yield '{"data":['
  let isFirst = true
  for await (const entry of entries) {
    if (format === 'csv') yield csvLine(entry)
    else if (format === 'local_file') yield localLines(entry)
    else {
      for (const update of threatUpdates(entry)) {
        yield `${isFirst ? '' : ','}\n${JSON.stringify(update)}`
        isFirst = false
      }
    }
  }
  if (format === 'threatexchange') yield '\n]}\n'
}

function csvLine(entry: Exported): string {
  const value = (type: string) => entry.hashes.find((hash) => hash.type === type)
  const cells: Record<(typeof CSV_COLUMNS)[number], string | number | boolean | null | undefined> =
    {
      key: entry.key,
      kind: entry.kind,
      classification: entry.classification,
      md5: value('md5')?.value,
      sha1: value('sha1')?.value,
      sha256: value('sha256')?.value,
      pdq: value('pdq')?.value,
      pdq_quality: value('pdq')?.quality,
      photodna: value('photodna')?.value,
      source_reference: entry.sourceReference,
      jurisdiction: entry.jurisdiction,
      victim_identified: entry.victimIdentified,
      self_generated: entry.selfGenerated,
      note: entry.note?.replaceAll(/[\r\n]+/g, ' '),
      deleted: entry.status === 'retracted',
    }
  return `${CSV_COLUMNS.map((column) => quoted(cells[column])).join(',')}\n`
}

function quoted(cell: string | number | boolean | null | undefined): string {
  const text = String(cell ?? '')
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function localLines({ hashes, status }: Exported): string {
  if (status === 'retracted') return ''
  return hashes.map(({ type, value }) => `${type} ${value}\n`).join('')
}

const THREAT_NAMES: Readonly<Partial<Record<string, string>>> = {
  pdq: 'HASH_PDQ',
  md5: 'HASH_MD5',
  sha1: 'HASH_SHA1',
  sha256: 'HASH_SHA256',
  'tmk-pdqf': 'HASH_TMK',
  photodna: 'HASH_PHOTODNA',
}

/** A ThreatExchange update holds one hash: an entry of several becomes as many, each with its own id. */
function threatUpdates({ key, hashes, status }: Exported): readonly object[] {
  return hashes.flatMap(({ type, value }) => {
    const name = THREAT_NAMES[type]
    if (name === undefined) return []
    const id = hashes.length === 1 ? key : `${key}#${type}`
    return [{ id, indicator: value, type: name, should_delete: status === 'retracted' }]
  })
}
