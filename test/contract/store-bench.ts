import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import type { Store, StoreLimits } from '../../src/store/index.ts'

export interface StoreOptions {
  readonly limits?: Partial<StoreLimits>
  readonly changesKept?: number
}

export type OpenStore = (directory: string, options?: StoreOptions) => Promise<Store>

/** A fresh store for every test, which the test may close, and open again with other options. */
export interface Bench {
  readonly store: Store
  reopen(options?: StoreOptions): Promise<Store>
}

export function storeBench(open: OpenStore): Bench {
  let directory: string
  let store: Store
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hindra-store-'))
    store = await open(directory)
  })
  afterEach(async () => {
    await store.close()
    await rm(directory, { recursive: true, force: true })
  })
  return {
    get store() {
      return store
    },
    async reopen(options) {
      await store.close()
      store = await open(directory, options)
      return store
    },
  }
}
