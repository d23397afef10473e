import { join } from 'node:path'
import type { Config } from '../config.ts'
import { openLevelStore, type Store } from '../store/index.ts'

const MIB = 1024 * 1024

/** Where the store of these settings is. */
export function storeDirectory(config: Pick<Config, 'data'>): string {
  return join(config.data, 'store')
}

/** Throws what `openLevelStore` throws. */
export function openStore(config: Config, warn: (message: string) => void): Promise<Store> {
  return openLevelStore({
    directory: storeDirectory(config),
    freeBytesMin: config.store.freeMibMin * MIB,
    warn,
  })
}
