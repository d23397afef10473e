import { HindraError } from '../errors.ts'
import type { Key, Store } from './port.ts'

/**
 * Resolves once something below a prefix was committed after a versionstamp, or when aborted; also where so much was
 * written meanwhile that nobody can tell.
 */
export async function untilChanged(
  store: Pick<Store, 'changes'>,
  prefix: Key,
  since: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const { versionstamp } of store.changes(prefix, since, { signal })) {
      if (versionstamp > since) return
    }
  } catch (error) {
    if (error instanceof HindraError && error.code === 'FEED_TRUNCATED') return
    throw error
  }
}
