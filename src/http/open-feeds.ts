import type { Principal } from '../access/index.ts'
import { HindraError } from '../errors.ts'

/** A feed that had to end is begun anew: the place may be free soon. */
const AGAIN_SECONDS = 5

/** The feeds that are open, over all listeners. */
export interface OpenFeeds {
  readonly count: number
  /**
   * Call what it gives exactly once, at the end. Throws OVERLOADED where too many are open, RATE_LIMITED
   * where the key has its share.
   */
  enter(by: Pick<Principal, 'id' | 'key'>): () => void
}

/** @param feedsPerKey 0 is no limit but the one for all */
export function createOpenFeeds(feedsMax: number, feedsPerKey: number): OpenFeeds {
  const byKey = new Map<string, number>()
  let count = 0
  return {
    get count() {
      return count
    },
    enter({ id, key }) {
      const name = key?.id ?? id
      const open = byKey.get(name) ?? 0
      if (feedsPerKey > 0 && open >= feedsPerKey) {
        throw new HindraError('RATE_LIMITED', `${feedsPerKey} feeds of this key are open already`, {
          retryAfterSeconds: AGAIN_SECONDS,
        })
      }
      if (count >= feedsMax) {
        throw new HindraError('OVERLOADED', `${feedsMax} feeds are open already`)
      }
      count += 1
      byKey.set(name, open + 1)
      return () => {
        count -= 1
        const left = (byKey.get(name) ?? 1) - 1
        if (left > 0) byKey.set(name, left)
        else byKey.delete(name)
      }
    },
  }
}
