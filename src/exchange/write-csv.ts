import { CSV_COLUMNS } from './csv.ts'
import { iwfNoteFields } from './iwf-note.ts'
import { classNameOf, hashIn, type ListWriter, type WriteOptions } from './writer.ts'

type Cell = string | number | boolean | null | undefined

export const csvWriter: ListWriter = {
  head: `${CSV_COLUMNS.join(',')}\n`,
  separator: '',
  tail: '',
  pieces(entry) {
    const cells: Record<(typeof CSV_COLUMNS)[number], Cell> = {
      key: entry.key,
      kind: entry.kind,
      classification: entry.classification,
      md5: hashIn(entry, 'md5')?.value,
      sha1: hashIn(entry, 'sha1')?.value,
      sha256: hashIn(entry, 'sha256')?.value,
      pdq: hashIn(entry, 'pdq')?.value,
      pdq_quality: hashIn(entry, 'pdq')?.quality,
      photodna: hashIn(entry, 'photodna')?.value,
      source_reference: entry.sourceReference,
      jurisdiction: entry.jurisdiction,
      victim_identified: entry.victimIdentified,
      self_generated: entry.selfGenerated,
      note: entry.note?.replaceAll(/[\r\n]+/g, ' '),
      deleted: entry.status === 'retracted',
    }
    return [row(CSV_COLUMNS.map((column) => cells[column]))]
  },
}

const IWF_COLUMNS = [
  ...['ID', 'Category', 'AgeBand', 'PhotoDNA', 'MD5', 'SHA1', 'SHA256', 'PDQ', 'PDQ_Quality'],
  ...['SelfGenerated', 'GridImage'],
]

/** In the manner of the Internet Watch Foundation's list: a whole list, in its own categories. */
export function iwfWriter({ classes }: WriteOptions): ListWriter {
  return {
    head: row(IWF_COLUMNS),
    separator: '',
    tail: '',
    pieces(entry) {
      if (entry.status === 'retracted') return []
      const hashes = (['photodna', 'md5', 'sha1', 'sha256', 'pdq'] as const).map((type) =>
        hashIn(entry, type),
      )
      if (hashes.every((hash) => hash === undefined)) return []
      const { category, ageBand, isGrid } = iwfNoteFields(entry.note)
      return [
        row([
          ...[entry.key, category ?? classNameOf(classes, entry.classification), ageBand],
          ...hashes.map((hash) => hash?.value),
          ...[hashIn(entry, 'pdq')?.quality, entry.selfGenerated, isGrid ? true : undefined],
        ]),
      ]
    },
  }
}

export function row(cells: readonly Cell[]): string {
  return `${cells.map(quoted).join(',')}\n`
}

function quoted(cell: Cell): string {
  const text = String(cell ?? '')
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
