import { type TextEncoding, utf8Of } from '../core/index.ts'
import { CSV_COLUMNS, deltaOfCsv, deltaOfIwf } from './csv.ts'
import { readCsv } from './read-csv.ts'
import { readThreatExchange, readVics } from './read-json.ts'
import { readLocalFile } from './read-local-file.ts'
import type { Delta, FormatName } from './types.ts'

const IWF_COLUMNS = new Set([
  ...['id', 'category', 'ageband', 'age_band', 'photodna', 'md5', 'sha1', 'sha256', 'pdq'],
  ...['pdq_quality', 'selfgenerated', 'self_generated', 'gridimage', 'grid_image'],
])

/**
 * The lines of a list as it is exchanged, one by one, whatever its size. What is wrong with a line is a
 * refusal; throws INVALID_INPUT where the file as a whole is not of the format, or not in the encoding
 * that its byte order mark or the caller names, else UTF-8.
 */
export function readList(
  format: FormatName,
  bytes: AsyncIterable<Uint8Array>,
  encoding?: TextEncoding,
): AsyncIterable<Delta> {
  return READERS[format](utf8Of(bytes, encoding))
}

const READERS: Readonly<
  Record<FormatName, (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<Delta>>
> = {
  csv: (bytes) =>
    readCsv(bytes, (name) => (CSV_COLUMNS as readonly string[]).includes(name), deltaOfCsv),
  iwf: (bytes) => readCsv(bytes, (name) => IWF_COLUMNS.has(name), deltaOfIwf),
  local_file: readLocalFile,
  threatexchange: readThreatExchange,
  vics: readVics,
}
