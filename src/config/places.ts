import { join } from 'node:path'
import type { Config } from './schema.ts'
import type { DataKeySource } from '../core/index.ts'

/** Where a store is: a directory of this machine, or a schema of a PostgreSQL database. */
export type StorePlace = { readonly directory: string } | { readonly url: string }

/** Where the store of these settings is. */
export function storePlace(config: Pick<Config, 'data' | 'store'>): StorePlace {
  const { url } = config.store
  return url === undefined ? { directory: storeDirectory(config) } : { url }
}

/** Where it is unless the settings name a database. */
export function storeDirectory(config: Pick<Config, 'data'>): string {
  return join(config.data, 'store')
}

/** Where the data key comes from: as configured, else the file that `hindra init` makes. */
export function dataKeySource({ data, dataKey }: Config): DataKeySource {
  const { value, command, file } = dataKey
  if (value !== undefined) return { value }
  if (command !== undefined) return { command }
  return { file: file ?? join(data, 'data.key') }
}
