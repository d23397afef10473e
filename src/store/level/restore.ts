import { existsSync } from 'node:fs'
import { chmod, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Level } from 'level'
import { HindraError } from '../../errors.ts'
import type { Pair, StoredPair } from '../port.ts'
import { inParts } from '../restored-rows.ts'
import type { Database } from './rows.ts'

/**
 * Makes a store of what `dump` gave, with some keys put anew. The directory is made for its owner alone. On the
 * disk when it resolves; what an interrupted one leaves behind is beside the place, and is removed by the next.
 * Throws ALREADY_INITIALISED.
 */
export async function restoreLevelStore(
  directory: string,
  pairs: AsyncIterable<StoredPair>,
  anew: readonly Pair[] = [],
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
  anew: readonly Pair[],
): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await chmod(directory, 0o700)
  const db: Database = new Level(directory, { keyEncoding: 'buffer', valueEncoding: 'buffer' })
  await db.open()
  const put = (row: { readonly key: Buffer; readonly value: Buffer }) => ({
    type: 'put' as const,
    ...row,
  })
  try {
    for await (const part of inParts(pairs, anew)) {
      await db.batch(part.map(put), { sync: true })
    }
  } finally {
    await db.close()
  }
}
