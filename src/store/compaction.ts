import { type Database, dataKey } from './layout.ts'
import type { Key } from './port.ts'
import { encodeKey, successor } from './tuple.ts'

/** What classic-level has and the types of `level`, which also serves browsers, leave out. */
interface Compactable {
  compactRange(start: Buffer, end: Buffer): Promise<void>
}

/** Merges every file that holds something between the least and the greatest of the keys. */
export async function compact(db: Database, keys: readonly Key[]): Promise<void> {
  const encoded = keys.map(encodeKey)
  const [first = ''] = encoded
  const low = encoded.reduce((least, key) => (key < least ? key : least), first)
  const high = encoded.reduce((most, key) => (key > most ? key : most), first)
  if (encoded.length === 0) return
  await (db as unknown as Compactable).compactRange(dataKey(low), dataKey(successor(high)))
}
