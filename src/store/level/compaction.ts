import { dataKey } from '../layout.ts'
import type { Database } from './rows.ts'
import type { Key, Store } from '../port.ts'
import { encodeKey, successor } from '../tuple.ts'

/** Keys that are written once more in one transaction. */
const SCRUB_KEYS = 500

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

/**
 * LevelDB drops what is old where it merges files, and it merges files that overlap: written once
 * more, each key lies in a file above its old values, so that the compaction must go through them.
 */
export async function scrub(
  store: Pick<Store, 'transact'>,
  keys: readonly Key[],
  compactPart: (keys: readonly Key[]) => Promise<void>,
): Promise<void> {
  // What memory holds goes into a file of its own first.
  await compactPart(keys.slice(0, 1))
  for (let from = 0; from < keys.length; from += SCRUB_KEYS) {
    const part = keys.slice(from, from + SCRUB_KEYS)
    await store.transact(async (tx) => {
      for (const key of part) {
        const value = await tx.get(key)
        if (value === undefined) tx.delete(key)
        else tx.put(key, value)
      }
    })
  }
  await compactPart(keys)
}
