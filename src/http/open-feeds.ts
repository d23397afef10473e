import { HindraError } from '../errors.ts'

/** The feeds that are open, over all listeners. */
export interface OpenFeeds {
  readonly count: number
  /** Call what it gives exactly once, at the end. Throws OVERLOADED where too many are open. */
  enter(): () => void
}

export function createOpenFeeds(feedsMax: number): OpenFeeds {
  let count = 0
  return {
    get count() {
      return count
    },
    enter() {
      if (count >= feedsMax) {
        throw new HindraError('OVERLOADED', `${feedsMax} feeds are open already`)
      }
      count += 1
      return () => {
        count -= 1
      }
    },
  }
}
