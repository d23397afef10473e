import type { Config } from '../config.ts'

/**
 * How often one key may ask, by the setting of `limits` that says so. A reading is bounded unless told otherwise by
 * `read`, what changes something by `write`. What is sent by `upload` is one sighting, as a line of a feed is; `watch`
 * is for whoever watches the process: never limited, and answered while it has too much to do.
 */
export const RATES = {
  read: 'readsPerMinute',
  write: 'writesPerMinute',
  feed: 'feedsPerMinute',
  upload: 'linesPerSecond',
  watch: null,
} as const satisfies Readonly<Record<string, keyof Config['limits'] | null>>

export type Rate = keyof typeof RATES

/** Where an operation declares none. */
export function usualRate(method: string): Rate {
  return method === 'GET' ? 'read' : 'write'
}
