import { MemoryLevel } from 'memory-level'
import { type Database, openStoreOver, type Store } from '../../src/store/index.ts'
import type { StoreOptions } from '../contract/store-bench.ts'
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
  })
  // A memory answers at once: without a turn in between nobody else would ever get one.
  return {
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
    writable: () => store.writable(),
    version: () => store.version(),
    checkedAt: () => store.checkedAt(),
    recentChanges: (prefix, after) => store.recentChanges(prefix, after),
    damaged: () => store.damaged(),
    check: (signal) => store.check(signal),
    checkRecords: (signal) => store.checkRecords(signal),
    lease: (name) => store.lease(name),
    isShared: store.isShared,
    sure: () => store.sure(),
    restOn: (key, changed) => {
      store.restOn(key, changed)
    },
    leaseHolders: () => store.leaseHolders(),
    others: () => store.others(),
    scrub: (keys) => store.scrub(keys),
    dump: () => store.dump(),
    keepVersions: (key, versions) => store.keepVersions(key, versions),
    hasVersions: () => store.hasVersions(),
    close: () => store.close(),
  }
}
