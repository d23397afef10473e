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
import type { Expiring, Store, Transaction } from '../store/index.ts'

/** Tries at one name until the next one waits. */
const FREE_TRIES = 5
const DELAY_SECONDS_MAX = 300
/** A name at which nobody has tried so long begins anew. */
const FORGET_MS = 24 * HOUR_MS
const ADDRESS_SECONDS = 600
const KEY_BYTES = 32

/** Tries at one name, of one browser or within one session. */
export interface Tries {
  readonly count: number
  readonly atMs: number
  /** The next try is let in from here on. */
  readonly untilMs: number
}

/** A try that counts as a failed one, unless the transaction that lets somebody in says otherwise. */
export interface Tried {
  passed(tx: Transaction): void
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
 * Slows down who guesses, whichever process of the house is asked: tries are counted in the store, below a digest of what
 * was typed, for a day at most. A browser that is known has a count of its own, so that nobody else can slow it down.
 * Addresses are in the memory of each process alone, for an hour at most, as digests by a key that nobody else has.
 */
export interface Guard {
  /** Counts a try, as a failed one until it has passed. Throws RATE_LIMITED. */
  signIn(trying: Trying): Promise<Tried>
  /**
   * Counts a try that names nobody by what is typed. It slows down no name, for a signature cannot be guessed. Throws
   * RATE_LIMITED.
   */
  passkey(trying: Omit<Trying, 'name'>): Promise<Tried>
  /** Counts what is asked within one session, as `signIn` does. Throws RATE_LIMITED. */
  withinSession(sessionId: string): Promise<Tried>
  /** Counts what an address tries that names nobody. Throws RATE_LIMITED. */
  address(address: string): void
}

export function createGuard(parts: {
  readonly store: Store
  readonly random: Random
  readonly wallClock: Clock
  readonly tries: Expiring<Tries>
  readonly perAddress: number
}): Guard {
  const { store, random, wallClock, tries, perAddress } = parts
  let latestMs = 0
  let hour:
    | { readonly number: number; readonly key: Uint8Array; readonly buckets: Buckets }
    | undefined

  /** A clock that is set back shortens no delay and begins no new hour. */
  function nowMs(): number {
    latestMs = Math.max(latestMs, wallClock.now())
    return latestMs
  }

  /** Counted before it is looked at, so that a thousand at once are not one. */
  async function take(name: string): Promise<Tried> {
    await store.transact(async (tx) => {
      const before = await tries.get(tx, name)
      const now = Math.max(nowMs(), before?.atMs ?? 0)
      if (before !== undefined && now < before.untilMs)
        throw later((before.untilMs - now) / SECOND_MS)
      const count = (before?.count ?? 0) + 1
      const seconds =
        count < FREE_TRIES ? 0 : Math.min(2 ** (count - FREE_TRIES), DELAY_SECONDS_MAX)
      tries.put(tx, name, { count, atMs: now, untilMs: now + seconds * SECOND_MS }, now + FORGET_MS)
    })
    return {
      passed(tx) {
        tries.delete(tx, name)
      },
    }
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
    async signIn({ name, address: from, device }) {
      if (device !== undefined) return take(`device ${device}`)
      address(from)
      return take(`name ${name.toLowerCase()}`)
    },
    async passkey({ address: from, device }) {
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
