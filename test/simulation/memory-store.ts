import { MemoryLevel } from 'memory-level'
import { type Database, openStoreOver, type Store } from '../../src/store/index.ts'
import type { StoreOptions } from '../contract/store-bench.ts'
import { storeOver } from '../store-over.ts'
import { turn } from './machine.ts'

/** What is written here outlives its stores, as it does on a disk. */
export class MemoryDisk extends MemoryLevel<Buffer, Buffer> {
  constructor() {
    super({ keyEncoding: 'buffer', valueEncoding: 'buffer', storeEncoding: 'buffer' })
  }

  /** Nothing old is ever kept. */
  compactRange(): Promise<void> {
    return Promise.resolve()
  }
}

/**
 * The embedded store over a tree in memory: the same transactions, conflicts and feed without a
 * disk, so that a seed makes the same steps each time, and a year takes seconds.
 */
export async function openMemoryStore(
  disk: MemoryDisk,
  options: StoreOptions = {},
): Promise<Store> {
  await disk.open()
  const store = await openStoreOver(disk as unknown as Database, options, {
    release: () => Promise.resolve(),
    retire: () => Promise.reject(new Error('a store in memory is not moved')),
  })
  // A memory answers at once: without a turn in between nobody else would ever get one.
  return storeOver(store, {
    async transact(work) {
      await turn()
      return store.transact(work)
    },
    async read(work) {
      await turn()
      return store.read(work)
    },
    async *changes(...asked) {
      await turn()
      yield* store.changes(...asked)
    },
  })
}
