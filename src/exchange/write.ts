import { csvWriter, iwfWriter } from './write-csv.ts'
import { threatExchangeWriter, vicsWriter } from './write-json.ts'
import { feedbackWriter } from './write-feedback.ts'
import type { Exported, ListWriter, WriteCounts, WriteOptions } from './writer.ts'

export const EXPORT_FORMATS = ['csv', 'local_file', 'threatexchange', 'vics', 'iwf'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/**
 * Entries as a file of the format, in pieces. What was retracted is said to be deleted where the format
 * can say so, and absent from the formats that hold a whole list.
 */
export async function* writeList(
  format: ExportFormat,
  entries: AsyncIterable<Exported>,
  options: WriteOptions,
  counts: WriteCounts,
): AsyncGenerator<string> {
  const { isFeedback = false } = options
  const writer = isFeedback ? feedbackWriter(format) : WRITERS[format](options)
  yield writer.head
  let separator = ''
  for await (const entry of entries) {
    const pieces = writer.pieces(entry)
    for (const piece of pieces) {
      yield separator + piece
      separator = writer.separator
    }
    if (pieces.length > 0) counts.written += 1
    else if (isFeedback) continue
    else if (entry.status !== 'retracted') counts.leftOut += 1
  }
  yield writer.tail
}

const WRITERS: Readonly<Record<ExportFormat, (options: WriteOptions) => ListWriter>> = {
  csv: () => csvWriter,
  iwf: iwfWriter,
  threatexchange: () => threatExchangeWriter,
  vics: vicsWriter,
  local_file: () => ({
    ...{ head: '', separator: '', tail: '' },
    pieces: ({ hashes, status }) =>
      status === 'retracted' ? [] : hashes.map(({ type, value }) => `${type} ${value}\n`),
  }),
}
