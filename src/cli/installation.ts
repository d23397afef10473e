import { existsSync, readdirSync } from 'node:fs'
import { type Config, dataKeySource, storePlace } from '../config.ts'
import { readDataKey } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { hasStore, placeName } from '../store/index.ts'

/**
 * Throws INVALID_CONFIG where `hindra migrate-store` has moved the store away and the settings do not say so: a new
 * one in its place would be taken for it.
 */
export async function isInitialised(config: Config): Promise<boolean> {
  if (await hasStore(storePlace(config))) return true
  const names = existsSync(config.data) ? readdirSync(config.data) : []
  const moved = names.find((name) => name.startsWith('store.moved-'))
  if (config.store.url !== undefined || moved === undefined) return false
  const message = `store.url: is not set, and the store was moved to PostgreSQL: ${moved} in ${config.data}`
  throw new HindraError('INVALID_CONFIG', message)
}

/** For a command that opens the store by itself: it holds no part of what the servers divide, and answers none of them. */
export function commandConfig(config: Config): Config {
  const shard = config.matcher.shard === '1/1' ? '1/1' : 'none'
  return { ...config, matcher: { ...config.matcher, shard, listen: undefined } }
}

/**
 * The data key of a Hindra that `hindra init` has made. Throws NOT_INITIALISED, INVALID_CONFIG, KEY_MISSING,
 * STORE_UNAVAILABLE.
 */
export async function needDataKey(config: Config): Promise<Uint8Array> {
  if (!(await isInitialised(config))) {
    throw new HindraError(
      'NOT_INITIALISED',
      `there is no Hindra in ${placeName(storePlace(config))}`,
    )
  }
  return readDataKey(dataKeySource(config))
}
