import { HindraError } from '../errors.ts'
import { FEEDBACK_FORMATS, type FormatName, formatOf } from './formats/index.ts'
import type { Exported, ListWriter, WriteCounts, WriteOptions } from './formats/list-writer.ts'

/**
 * Entries as a file of the format, in pieces. What was retracted is said to be deleted where the format
 * can say so, and absent from the formats that hold a whole list.
 */
export async function* writeList(
  format: FormatName,
  entries: AsyncIterable<Exported>,
  options: WriteOptions,
  counts: WriteCounts,
): AsyncGenerator<string> {
  const { isFeedback = false } = options
  const writer = isFeedback ? feedbackWriter(format) : formatOf(format).write(options)
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

/** Throws INVALID_INPUT where the format has no words for an opinion. */
function feedbackWriter(format: FormatName): ListWriter {
  const { feedback } = formatOf(format)
  if (feedback !== undefined) return feedback
  throw new HindraError('INVALID_INPUT', `feedback: one of ${FEEDBACK_FORMATS.join(', ')}`, {
    field: 'format',
  })
}
