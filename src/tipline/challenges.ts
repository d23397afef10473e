import { timingSafeEqual } from 'node:crypto'
import type { Config } from '../config.ts'
import {
  CLOCKS_APART_MS,
  defined,
  HOUR_MS,
  isoTime,
  MINUTE_MS,
  SECOND_MS,
  zeroBits,
} from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { type Context, Expiring, keySpace, type Transaction } from '../store/index.ts'
import type { TiplineTotals } from './hours.ts'

const ID_BYTES = 16
/** How many bits the work may have grown by since a challenge was handed out. */
const SLACK_BITS = 3

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
 * and a loop in the browser, and a package would bring its own widget, wording and updates for them. It is signed by a
 * key of the house, so that any of its processes takes what another has asked for.
 */
export interface Challenges {
  issue(): Promise<Challenge>
  /**
   * Does what a challenge was met for. It is used once the transaction that keeps what was sent has taken it, by
   * `spend`, and good again where that could not be kept. Throws WORK_REFUSED.
   */
  meet<T>(work: ChallengeAnswer, act: (spend: Spend) => Promise<T>): Promise<T>
}

/** Takes a challenge as used, if the transaction commits. Throws WORK_REFUSED. */
export type Spend = (tx: Transaction) => Promise<void>

type ChallengeSettings = Pick<
  Config['tipline'],
  'workBits' | 'workBitsMax' | 'calmPerHour' | 'waitSeconds' | 'waitsPerHour' | 'formMinutes'
>

export function createChallenges(
  context: Context,
  hours: TiplineTotals,
  settings: ChallengeSettings,
): Challenges {
  const { store, sealer, clock, random } = context
  const used = new Expiring<null>(keySpace('tipline-used'), context)
  const lifeMs = settings.formMinutes * MINUTE_MS
  /** Those that this process is about to use: a slow hash for each of a thousand replays would keep others waiting. */
  const underWay = new Set<string>()

  return {
    async issue() {
      const nowMs = clock.now()
      const bits = await store.transact(wantedBits)
      const id = Buffer.from(random.bytes(ID_BYTES)).toString('base64url')
      const said = `${id}.${nowMs.toString(36)}.${String(bits)}`
      return {
        token: `${said}.${signatureOf(said)}`,
        bits,
        expiresAt: isoTime(nowMs + lifeMs),
        waitSeconds: settings.waitSeconds,
      }
    },

    async meet(work, act) {
      const { id, atMs, bits } = opened(work.token)
      const nowMs = clock.now()
      if (atMs > nowMs + CLOCKS_APART_MS || nowMs - atMs >= lifeMs) {
        throw refused('the challenge has run out')
      }
      const hasWaited = work.nonce === undefined
      if (hasWaited) {
        const leftMs = atMs + settings.waitSeconds * SECOND_MS - nowMs
        if (leftMs > 0) throw refused('it came too early to be taken without work', leftMs)
      } else if (zeroBits(`${work.token}.${work.nonce}`) < bits) {
        throw refused('the work was not done')
      }

      async function assertGood(tx: Transaction): Promise<void> {
        if ((await used.get(tx, id)) !== undefined) throw refused('the challenge was used already')
        if (!hasWaited) {
          if (bits + SLACK_BITS >= (await wantedBits(tx))) return
          throw refused('so many tips come that it takes more')
        }
        if ((await hours.read(tx)).waited < settings.waitsPerHour) return
        const restMs = HOUR_MS - (nowMs % HOUR_MS)
        throw refused('in this hour no more is taken without work', restMs)
      }

      if (underWay.has(id)) throw refused('the challenge was used already')
      underWay.add(id)
      try {
        await store.transact(assertGood)
        return await act(async (tx) => {
          await assertGood(tx)
          used.put(tx, id, null, atMs + lifeMs + CLOCKS_APART_MS)
          await hours.count(tx, 'met', ...(hasWaited ? (['waited'] as const) : []))
        })
      } finally {
        underWay.delete(id)
      }
    },
  }

  /** A bit more for each doubling of what comes in an hour beyond what is usual. */
  async function wantedBits(tx: Transaction): Promise<number> {
    const [now, before] = [await hours.read(tx), await hours.read(tx, 1)]
    const often = Math.max(now.met, before.met)
    const more = Math.max(0, Math.ceil(Math.log2(Math.max(1, often) / settings.calmPerHour)))
    return Math.min(Math.max(settings.workBits, settings.workBitsMax), settings.workBits + more)
  }

  function signatureOf(said: string): string {
    return Buffer.from(sealer.digest('tipline-challenge', said), 'hex').toString('base64url')
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
