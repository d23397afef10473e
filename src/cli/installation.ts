import { type Config, dataKeySource, storePlace } from '../config.ts'
import { readDataKey } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { hasStore, placeName } from '../store/index.ts'

export function isInitialised(config: Config): Promise<boolean> {
  return hasStore(storePlace(config))
}

/** The data key of a Hindra that `hindra init` has made. Throws NOT_INITIALISED, KEY_MISSING, STORE_UNAVAILABLE. */
export async function needDataKey(config: Config): Promise<Uint8Array> {
  if (!(await isInitialised(config))) {
    throw new HindraError(
      'NOT_INITIALISED',
      `there is no Hindra in ${placeName(storePlace(config))}`,
    )
  }
  return readDataKey(dataKeySource(config))
}
