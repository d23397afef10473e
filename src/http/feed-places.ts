import type { Semaphore } from '../core/index.ts'

/** What feeds have to share. */
export interface FeedPlaces {
  /** Lines whose media or URL are looked at. */
  readonly looked: Semaphore
  /** Lines that are searched by a few hashes alone. */
  readonly searched: Semaphore
  /** Long lines, from before they are whole. */
  readonly long: Semaphore
}
