import { setTimeout as sleep } from 'node:timers/promises'
import { createBuckets, createTally, networkOf, SECOND_MS } from '../core/index.ts'
import { HindraError } from '../errors.ts'

/** How many wrong keys of one address may wait to be told so; others are refused, so that they hold no connection. */
const WAITING_MAX = 32

export type WrongKeyOutcome = 'answered' | 'slowed' | 'refused'

/**
 * Slows down who tries keys, by address, in memory alone. Only what was found to be wrong comes here, so
 * that nobody with a right key waits for what others of the same address try.
 */
export interface WrongKeys {
  /** Resolves when it may be answered that the key is wrong. Throws RATE_LIMITED where too many wait. */
  hold(address: string): Promise<void>
}

/** @param perSecond Answered at once; 0 is no limit */
export function createWrongKeys(
  perSecond: number,
  count: (outcome: WrongKeyOutcome) => void,
): WrongKeys {
  const answers = createBuckets(perSecond, 1)
  const waiting = createTally()

  async function slow(network: string, firstWait: number): Promise<void> {
    if (waiting.of(network) >= WAITING_MAX) {
      count('refused')
      throw new HindraError('RATE_LIMITED', 'too many wrong keys came from this address', {
        retryAfterSeconds: WAITING_MAX / perSecond,
      })
    }
    count('slowed')
    waiting.add(network, 1)
    for (let wait = firstWait; wait > 0; wait = answers.take(network)) await sleep(wait * SECOND_MS)
    waiting.add(network, -1)
  }

  return {
    async hold(address) {
      const network = networkOf(address)
      const wait = answers.take(network)
      if (wait > 0) return slow(network, wait)
      count('answered')
    },
  }
}
