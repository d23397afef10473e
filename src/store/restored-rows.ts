import { dataKey } from './layout.ts'
import type { Pair, StoredPair } from './port.ts'
import { encodeKey } from './tuple.ts'

/** A key and its value, as a database that is restored takes them. */
interface RestoredRow {
  readonly key: Buffer
  readonly value: Buffer
}

/** What a store is made of, and how it is known again where its making was broken off. */
export interface Restoration {
  /** What `dump` gave, in its order. */
  readonly pairs: AsyncIterable<StoredPair>
  /** Keys that are put anew behind it. */
  readonly anew?: readonly Pair[]
  /** Names what `pairs` are, of letters, digits and hyphens: a making that has another mark is begun anew. */
  readonly mark: string
}

/** A part ends with the row that is past these bytes. */
const PART_BYTES = 4 * 1024 * 1024

/**
 * The rows in parts that fit into memory, those put anew last.
 *
 * @param last The last key that is there already, with all before it
 */
export async function* inParts(
  { pairs, anew = [] }: Restoration,
  last: Buffer | undefined,
): AsyncGenerator<readonly RestoredRow[]> {
  let part: RestoredRow[] = []
  let bytes = 0
  for await (const { key, value } of pairs) {
    if (last !== undefined && last.compare(key) >= 0) continue
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
