import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Config } from '../config.ts'
import {
  type Clock,
  defined,
  HOUR_MS,
  isoTime,
  MINUTE_MS,
  type Random,
  SECOND_MS,
  zeroBits,
} from '../core/index.ts'
import { HindraError } from '../errors.ts'

const KEY_BYTES = 32
const ID_BYTES = 16
/** How many bits the work may have grown by since a challenge was handed out. */
const SLACK_BITS = 3
/** Used challenges are looked through for old ones each time there are twice as many. */
const USED_MIN = 1_000

/** What a form carries, so that sending it costs something. */
export interface Challenge {
  /** Signed; good once, and until `expiresAt`. */
  readonly token: string
  /** SHA-256 of `TOKEN.NONCE` must begin with so many zero bits. */
  readonly bits: number
  readonly expiresAt: string
  /** The same token is taken without a nonce once it is so old, a few times an hour. */
  readonly waitSeconds: number
}

/** A challenge that was met: by a nonce, or, without one, by having waited. */
export interface ChallengeAnswer {
  readonly token: string
  readonly nonce?: string
}

/**
 * Proof of work: a partial preimage of SHA-256, as hashcash asks and altcha words it. It is forty lines of node:crypto
 * and a loop in the browser, and a package would bring its own widget, wording and updates for them. Its key lives as
 * long as the process: after a restart forms ask for a new challenge.
 */
export interface Challenges {
  issue(): Challenge
  /**
   * Takes the challenge as used. Throws WORK_REFUSED. What it gives back undoes that, where what was sent could not
   * be kept for another reason.
   */
  spend(work: ChallengeAnswer): () => void
}

type ChallengeSettings = Pick<
  Config['tipline'],
  'workBits' | 'workBitsMax' | 'calmPerHour' | 'waitSeconds' | 'waitsPerHour' | 'formMinutes'
>

export function createChallenges(parts: {
  readonly clock: Clock
  readonly random: Random
  readonly settings: ChallengeSettings
}): Challenges {
  const { clock, random, settings } = parts
  const key = random.bytes(KEY_BYTES)
  const lifeMs = settings.formMinutes * MINUTE_MS
  /** Until when each used one would have been good. */
  const used = new Map<string, number>()
  let forgetAt = USED_MIN
  let hour = { number: 0, taken: 0, takenBefore: 0, waits: 0 }

  return {
    issue() {
      const nowMs = clock.now()
      const bits = wantedBits()
      const id = Buffer.from(random.bytes(ID_BYTES)).toString('base64url')
      const said = `${id}.${nowMs.toString(36)}.${String(bits)}`
      return {
        token: `${said}.${signatureOf(said)}`,
        bits,
        expiresAt: isoTime(nowMs + lifeMs),
        waitSeconds: settings.waitSeconds,
      }
    },

    spend({ token, nonce }) {
      const { id, atMs, bits } = opened(token)
      const nowMs = clock.now()
      if (atMs > nowMs || nowMs - atMs >= lifeMs) throw refused('the challenge has run out')
      if (used.has(id)) throw refused('the challenge was used already')
      turn()
      if (nonce === undefined) {
        const leftMs = atMs + settings.waitSeconds * SECOND_MS - nowMs
        if (leftMs > 0) throw refused('it came too early to be taken without work', leftMs)
        if (hour.waits >= settings.waitsPerHour) {
          const restMs = HOUR_MS - (nowMs % HOUR_MS)
          throw refused('in this hour no more is taken without work', restMs)
        }
        hour.waits += 1
      } else {
        if (bits + SLACK_BITS < wantedBits()) throw refused('so many tips come that it takes more')
        if (zeroBits(`${token}.${nonce}`) < bits) throw refused('the work was not done')
      }
      hour.taken += 1
      used.set(id, atMs + lifeMs)
      forgetTheOld(nowMs)
      return () => {
        used.delete(id)
      }
    },
  }

  /** A bit more for each doubling of what comes in an hour beyond what is usual. */
  function wantedBits(): number {
    turn()
    const often = Math.max(hour.taken, hour.takenBefore)
    const more = Math.max(0, Math.ceil(Math.log2(Math.max(1, often) / settings.calmPerHour)))
    return Math.min(Math.max(settings.workBits, settings.workBitsMax), settings.workBits + more)
  }

  function turn(): void {
    const number = Math.floor(clock.now() / HOUR_MS)
    if (number === hour.number) return
    const takenBefore = number === hour.number + 1 ? hour.taken : 0
    hour = { number, taken: 0, takenBefore, waits: 0 }
  }

  function forgetTheOld(nowMs: number): void {
    if (used.size < forgetAt) return
    for (const [id, untilMs] of used) if (untilMs <= nowMs) used.delete(id)
    forgetAt = Math.max(USED_MIN, used.size * 2)
  }

  function signatureOf(said: string): string {
    return createHmac('sha256', key).update(said).digest('base64url')
  }

  function opened(token: string) {
    const [id = '', at = '', bits = '', signature = '', ...more] = token.split('.')
    const right = Buffer.from(signatureOf(`${id}.${at}.${bits}`))
    const given = Buffer.from(signature)
    const isOurs = right.length === given.length && timingSafeEqual(right, given)
    if (!isOurs || more.length > 0) throw refused('this is no challenge of this server')
    return { id, atMs: Number.parseInt(at, 36), bits: Number(bits) }
  }
}

function refused(why: string, waitMs?: number): HindraError {
  const retryAfterSeconds = waitMs === undefined ? undefined : Math.ceil(waitMs / SECOND_MS)
  return new HindraError('WORK_REFUSED', why, { field: 'work', ...defined({ retryAfterSeconds }) })
}
