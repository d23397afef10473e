import type { StorePlace } from '../config.ts'
import type { Random } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { hasStore, keyRingPair, placeName, restoreStore, type StoredPair } from '../store/index.ts'
import type { BackupHeader } from './format.ts'
import { type BackupKey, openBackup } from './read.ts'

export interface RestoreReport {
  readonly id: string
  readonly at: string
  /** Keys and values that were read. */
  readonly pairs: number
}

/**
 * Makes a store at a new place of a backup, opened by `dataKey` from then on: all of it or none. Throws
 * ALREADY_INITIALISED, BACKUP_DAMAGED, KEY_WRONG.
 */
export async function restoreBackup(
  file: string,
  key: BackupKey,
  { store, dataKey }: { readonly store: StorePlace; readonly dataKey: Uint8Array },
  random: Random,
): Promise<RestoreReport> {
  // Before all of it is read.
  if (await hasStore(store)) {
    throw new HindraError('ALREADY_INITIALISED', `there is a store at ${placeName(store)}`)
  }
  return withBackup(file, key, random, ({ pairs, keys, id }) =>
    restoreStore(store, { pairs, anew: [keyRingPair(keys, dataKey, random)], mark: id }),
  )
}

/** Reads all of a backup and writes nothing. Throws BACKUP_DAMAGED, KEY_WRONG. */
export function checkBackup(file: string, key: BackupKey, random: Random): Promise<RestoreReport> {
  return withBackup(file, key, random, async ({ pairs }) => {
    const reading = pairs[Symbol.asyncIterator]()
    while ((await reading.next()).done !== true);
  })
}

async function withBackup(
  file: string,
  key: BackupKey,
  random: Random,
  work: (read: {
    readonly pairs: AsyncIterable<StoredPair>
    readonly keys: Parameters<typeof keyRingPair>[0]
    readonly id: string
  }) => Promise<void>,
): Promise<RestoreReport> {
  const backup = await openBackup(file, key, random)
  let count = 0
  async function* counted(): AsyncGenerator<StoredPair> {
    for await (const pair of backup.pairs) {
      count += 1
      yield pair
    }
  }
  try {
    await work({ pairs: counted(), keys: backup.keys, id: backup.header.id })
  } finally {
    await backup.close()
  }
  const { id, at }: BackupHeader = backup.header
  return { id, at, pairs: count }
}
