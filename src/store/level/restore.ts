import { chmod, mkdir } from 'node:fs/promises'
import { Level } from 'level'
import type { Database } from './rows.ts'
import { dataKey } from '../layout.ts'
import type { Key, StoredPair } from '../port.ts'
import { encodeKey } from '../tuple.ts'

const BATCH_BYTES = 4 * 1024 * 1024

/**
 * Makes a store of what `dump` gave, with some keys put anew. The directory is made for its owner
 * alone. On the disk when it resolves; what an interrupted one leaves behind is no store.
 */
export async function restoreLevelStore(
  directory: string,
  pairs: AsyncIterable<StoredPair>,
  anew: readonly { readonly key: Key; readonly value: Uint8Array }[] = [],
): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await chmod(directory, 0o700)
  const db: Database = new Level(directory, { keyEncoding: 'buffer', valueEncoding: 'buffer' })
  await db.open()
  try {
    let batch: { type: 'put'; key: Buffer; value: Buffer }[] = []
    let bytes = 0
    for await (const { key, value } of pairs) {
      batch.push({ type: 'put', key: Buffer.from(key), value: Buffer.from(value) })
      bytes += key.length + value.length
      if (bytes < BATCH_BYTES) continue
      await db.batch(batch)
      batch = []
      bytes = 0
    }
    const last = anew.map(({ key, value }) => ({
      type: 'put' as const,
      key: dataKey(encodeKey(key)),
      value: Buffer.from(value),
    }))
    await db.batch([...batch, ...last], { sync: true })
  } finally {
    await db.close()
  }
}
