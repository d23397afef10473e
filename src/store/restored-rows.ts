import { dataKey } from './layout.ts'
import type { Pair, StoredPair } from './port.ts'
import { encodeKey } from './tuple.ts'

/** A key and its value, as a database that is restored takes them. */
interface RestoredRow {
  readonly key: Buffer
  readonly value: Buffer
}

/** A part ends with the row that is past these bytes. */
const PART_BYTES = 4 * 1024 * 1024

/** What `dump` gave, and some keys put anew behind it, in parts that fit into memory. */
export async function* inParts(
  pairs: AsyncIterable<StoredPair>,
  anew: readonly Pair[],
): AsyncGenerator<readonly RestoredRow[]> {
  let part: RestoredRow[] = []
  let bytes = 0
  for await (const { key, value } of pairs) {
    part.push({ key: Buffer.from(key), value: Buffer.from(value) })
    bytes += key.length + value.length
    if (bytes < PART_BYTES) continue
    yield part
    part = []
    bytes = 0
  }
  yield part
  // Apart: what is put anew may be in the dump, and no statement writes a row twice.
  yield rowsOfPairs(anew)
}

/** Pairs of the port, as they lie in the database. */
function rowsOfPairs(pairs: readonly Pair[]): readonly RestoredRow[] {
  return pairs.map(({ key, value }) => ({
    key: dataKey(encodeKey(key)),
    value: Buffer.from(value),
  }))
}
