import { Level } from 'level'
import { dataKey } from '../../src/store/layout.ts'
import type { Database, Key } from '../../src/store/index.ts'
import { encodeKey } from '../../src/store/tuple.ts'

/** What somebody does who has the disk, and not the data key, while nobody has the store open. */
export async function onDisk<Found>(
  directory: string,
  act: (db: Database) => Promise<Found>,
): Promise<Found> {
  const db: Database = new Level(directory, { keyEncoding: 'buffer', valueEncoding: 'buffer' })
  try {
    return await act(db)
  } finally {
    await db.close()
  }
}

/** One bit of the sealed part of each record, or the same bit again. */
export function flipOnDisk(directory: string, ...keys: readonly Key[]): Promise<void> {
  return onDisk(directory, async (db) => {
    for (const key of keys) {
      const place = dataKey(encodeKey(key))
      const value = Buffer.from(await db.get(place))
      value.writeUInt8(value.readUInt8(value.length - 20) ^ 1, value.length - 20)
      await db.put(place, value, { sync: true })
    }
  })
}
