import { createHmac } from 'node:crypto'
import {
  type Buckets,
  type Clock,
  createBuckets,
  HOUR_MS,
  networkOf,
  type Random,
  SECOND_MS,
} from '../core/index.ts'
import { HindraError } from '../errors.ts'

/** Tries at one name until the next one waits. */
const FREE_TRIES = 5
const DELAY_SECONDS_MAX = 300
/** A name at which nobody has tried so long begins anew. */
const FORGET_MS = 24 * HOUR_MS
/** How many names are kept: whoever tries more of them has paid with a hash for each. */
const NAMES_MAX = 10_000
const ADDRESS_SECONDS = 600
const KEY_BYTES = 32

interface Tried {
  readonly count: number
  readonly atMs: number
  /** The next try is let in from here on. */
  readonly untilMs: number
}

/** Who tries to sign in, as far as it is known before anything is proved. */
export interface Trying {
  /** As it was typed, whether somebody has it or not. */
  readonly name: string
  readonly address: string
  /** A browser from which the person of that name has signed in before. */
  readonly device: string | undefined
}

/**
 * Slows down who guesses, in memory alone. A browser that is known has a count of its own, so that nobody else can
 * slow it down. Addresses are kept for an hour at most, as digests by a key that nobody else has.
 */
export interface Guard {
  /** Counts a try, as a failed one until `passed` is called. Throws RATE_LIMITED. */
  signIn(trying: Trying): { readonly passed: () => void }
  /**
   * Counts a try that names nobody by what is typed. It slows down no name, for a signature cannot be guessed. Throws
   * RATE_LIMITED.
   */
  passkey(trying: Omit<Trying, 'name'>): { readonly passed: () => void }
  /** Counts what is asked within one session, as `signIn` does. Throws RATE_LIMITED. */
  withinSession(sessionId: string): { readonly passed: () => void }
  /** Counts what an address tries that names nobody. Throws RATE_LIMITED. */
  address(address: string): void
}

export function createGuard(clock: Clock, random: Random, perAddress: number): Guard {
  const tries = new Map<string, Tried>()
  let latestMs = 0
  let hour:
    | { readonly number: number; readonly key: Uint8Array; readonly buckets: Buckets }
    | undefined

  /** A clock that is set back shortens no delay and begins no new hour. */
  function nowMs(): number {
    latestMs = Math.max(latestMs, clock.now())
    return latestMs
  }

  function take(key: string): { readonly passed: () => void } {
    const now = nowMs()
    const before = tries.get(key)
    if (before !== undefined && now < before.untilMs)
      throw later((before.untilMs - now) / SECOND_MS)
    const isForgotten = before === undefined || now - before.atMs > FORGET_MS
    const count = isForgotten ? 1 : before.count + 1
    const seconds = count < FREE_TRIES ? 0 : Math.min(2 ** (count - FREE_TRIES), DELAY_SECONDS_MAX)
    // What was tried last stands last: the first one is forgotten where there are too many.
    tries.delete(key)
    tries.set(key, { count, atMs: now, untilMs: now + seconds * SECOND_MS })
    if (tries.size > NAMES_MAX) for (const oldest of tries.keys()) return forget(oldest, key)
    return { passed: () => void tries.delete(key) }
  }

  function forget(oldest: string, key: string) {
    tries.delete(oldest)
    return { passed: () => void tries.delete(key) }
  }

  function address(from: string): void {
    const number = Math.floor(nowMs() / HOUR_MS)
    if (hour?.number !== number) {
      const buckets = createBuckets(perAddress, ADDRESS_SECONDS, nowMs)
      hour = { number, key: random.bytes(KEY_BYTES), buckets }
    }
    const digest = createHmac('sha256', hour.key).update(networkOf(from)).digest('base64')
    const seconds = hour.buckets.take(digest)
    if (seconds > 0) throw later(seconds)
  }

  return {
    signIn({ name, address: from, device }) {
      if (device !== undefined) return take(`device ${device}`)
      address(from)
      return take(`name ${name.toLowerCase()}`)
    },
    passkey({ address: from, device }) {
      if (device !== undefined) return take(`device ${device}`)
      address(from)
      return { passed: () => undefined }
    },
    withinSession: (sessionId) => take(`session ${sessionId}`),
    address,
  }
}

function later(seconds: number): HindraError {
  return new HindraError(
    'RATE_LIMITED',
    { says: 'tries-many' },
    {
      retryAfterSeconds: seconds,
    },
  )
}
