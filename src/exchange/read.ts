import { defined, type TextEncoding, utf8Of } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { type FormatName, formatOf } from './formats/index.ts'
import type { Delta, Refusal } from './delta.ts'

/**
 * The lines of a list as it is exchanged, one by one, whatever its size. What is wrong with a line is a
 * refusal; throws INVALID_INPUT where the file as a whole is not of the format, or not in the encoding
 * that its byte order mark or the caller names, else UTF-8, and behind its last line where none was understood.
 */
export async function* readList(
  format: FormatName,
  bytes: AsyncIterable<Uint8Array>,
  encoding?: TextEncoding,
): AsyncGenerator<Delta> {
  let first: Delta | undefined
  let isUnderstood = false
  for await (const delta of formatOf(format).read(utf8Of(bytes, encoding))) {
    first ??= delta
    isUnderstood ||= delta.change !== 'refused'
    yield delta
  }
  if (!isUnderstood) throw notUnderstood(format, first?.change === 'refused' ? first : undefined)
}

function notUnderstood(format: FormatName, first: Refusal | undefined): HindraError {
  const why =
    first === undefined
      ? 'it names no entry'
      : `every line was refused, the first (${first.line}) for ${first.field}: ${first.message}`
  return new HindraError(
    'INVALID_INPUT',
    `nothing of the file was understood as ${format}: ${why}`,
    defined({ line: first?.line, field: first?.field }),
  )
}
