import { existsSync } from 'node:fs'
import { chmod, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Level } from 'level'
import { HindraError } from '../../errors.ts'
import { dataKey } from '../layout.ts'
import type { Key, StoredPair } from '../port.ts'
import { encodeKey } from '../tuple.ts'
import type { Database } from './rows.ts'

const BATCH_BYTES = 4 * 1024 * 1024

/**
 * Makes a store of what `dump` gave, with some keys put anew. The directory is made for its owner alone. On the
 * disk when it resolves; what an interrupted one leaves behind is beside the place, and is removed by the next.
 * Throws ALREADY_INITIALISED.
 */
export async function restoreLevelStore(
  directory: string,
  pairs: AsyncIterable<StoredPair>,
  anew: readonly { readonly key: Key; readonly value: Uint8Array }[] = [],
): Promise<void> {
  if (existsSync(directory)) {
    throw new HindraError('ALREADY_INITIALISED', `there is a store at ${directory}`)
  }
  const beside = `${directory}.restoring`
  await rm(beside, { recursive: true, force: true })
  await mkdir(dirname(directory), { recursive: true, mode: 0o700 })
  await fill(beside, pairs, anew)
  await rename(beside, directory)
  const parent = await open(dirname(directory), 'r')
  await parent.sync().finally(() => parent.close())
}

async function fill(
  directory: string,
  pairs: AsyncIterable<StoredPair>,
  anew: readonly { readonly key: Key; readonly value: Uint8Array }[],
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
