import type { Principal } from '../access/index.ts'
import { createTally } from '../core/index.ts'
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
  const open = createTally()
  return {
    get count() {
      return open.total
    },
    enter({ id, key }) {
      const name = key?.id ?? id
      if (feedsPerKey > 0 && open.of(name) >= feedsPerKey) {
        throw new HindraError('RATE_LIMITED', `${feedsPerKey} feeds of this key are open already`, {
          retryAfterSeconds: AGAIN_SECONDS,
        })
      }
      if (open.total >= feedsMax) {
        throw new HindraError('OVERLOADED', `${feedsMax} feeds are open already`)
      }
      open.add(name, 1)
      return () => {
        open.add(name, -1)
      }
    },
  }
}
