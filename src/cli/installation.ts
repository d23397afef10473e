import { existsSync } from 'node:fs'
import { type Config, dataKeySource, storeDirectory } from '../config.ts'
import { readDataKey } from '../core/index.ts'
import { HindraError } from '../errors.ts'

export function isInitialised(config: Config): boolean {
  return existsSync(storeDirectory(config))
}

/** The data key of a Hindra that `hindra init` has made. Throws NOT_INITIALISED, KEY_MISSING. */
export function needDataKey(config: Config): Uint8Array {
  if (!isInitialised(config)) {
    throw new HindraError('NOT_INITIALISED', `there is no Hindra in ${config.data}`)
  }
  return readDataKey(dataKeySource(config))
}
