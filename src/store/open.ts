import { type Config, storeDirectory } from '../config.ts'
import { openLevelStore } from './level/open.ts'
import type { Store } from './port.ts'

const MIB = 1024 * 1024

/** Throws what `openLevelStore` throws. */
export function openStore(config: Config, warn: (message: string) => void): Promise<Store> {
  return openLevelStore({
    directory: storeDirectory(config),
    freeBytesMin: config.store.freeMibMin * MIB,
    warn,
  })
}
