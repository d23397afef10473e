import { setTimeout as sleep } from 'node:timers/promises'
import { backoffMs, MINUTE_MS, repeat, SECOND_MS } from '../core/index.ts'
import { toHindraError } from '../errors.ts'
import { type Claim, type Claims, LASTING_FAULTS, type Look, type Seen } from '../match/index.ts'
import type { Context } from '../store/index.ts'
import type { Sightings } from './sightings.ts'

/**
 * What one process looks at other processes leave alone for so long. One that is looked at for longer, as a long film,
 * is looked at twice and judged once.
 */
const HELD_MS = 2 * MINUTE_MS
/** Looks fall due without anybody telling. */
const POLL_MS = 1_000

/** Looks at the URLs of claims, so that no verdict rests on somebody else's word. */
export interface Judging {
  /** Wakes it, for something may be due. */
  wake(): void
  /** What is due now; how many were judged. */
  run(): Promise<number>
  /** What falls due, until `close`. */
  runContinuously(onFailure: (error: unknown) => void): Promise<void>
  /** Breaks off the looks that are under way: their claims stay due. */
  close(): Promise<void>
}

export function createJudging(
  { store, clock, random }: Pick<Context, 'store' | 'clock' | 'random'>,
  parts: {
    readonly claims: Claims
    readonly look: Pick<Look, 'seen' | 'byHashes'>
    readonly settle: Sightings['settle']
    readonly settings: {
      readonly pendingAtOnce: number
      readonly attemptsMax: number
      readonly retrySeconds: number
      readonly retryMinutesMax: number
    }
  },
): Judging {
  const { claims, look, settle, settings } = parts
  const waits = {
    firstMs: settings.retrySeconds * SECOND_MS,
    longestMs: settings.retryMinutesMax * MINUTE_MS,
  }
  const stop = new AbortController()
  /** The claims that are being judged, by id; true where one came to a verdict. */
  const running = new Map<string, Promise<boolean>>()
  let wake = (): void => undefined
  let loop: Promise<void> | undefined

  function isStopped(): boolean {
    return stop.signal.aborted
  }

  function tell(): void {
    wake()
  }

  /** Looks at the URL; where that cannot be, and will not be, the client's hashes ask a person. */
  async function judge(claim: Claim): Promise<boolean> {
    let seen: Seen
    try {
      seen =
        claim.unseen === true
          ? await look.byHashes(claim.sighting)
          : await look.seen(claim.sighting, stop.signal)
    } catch (cause) {
      if (isStopped()) return false
      const failures = claim.attempts + 1
      if (!LASTING_FAULTS.has(toHindraError(cause).code) && failures < settings.attemptsMax) {
        const dueMs = clock.now() + backoffMs(failures, waits, random)
        await store.transact((tx) => claims.postpone(tx, claim, dueMs))
        return false
      }
      seen = await look.byHashes(claim.sighting)
    }
    return settle(claim, seen)
  }

  /** Begins with what is due and has a place; the looks that were begun. */
  async function begin(): Promise<readonly Promise<boolean>[]> {
    const free = settings.pendingAtOnce - running.size
    if (free <= 0 || isStopped()) return []
    const due = await claims.due(clock.now(), free + running.size)
    const wanted = due.filter(({ id }) => !running.has(id)).slice(0, free)
    const mine = store.isShared ? await claims.hold(wanted, clock.now() + HELD_MS) : wanted
    return mine.map((claim) => {
      const work = judge(claim).finally(() => running.delete(claim.id))
      running.set(claim.id, work)
      // Whoever waits hears of it; a loop that went on must not be ended by it.
      work.catch(() => undefined)
      return work
    })
  }

  function follow(onFailure: (error: unknown) => void): Promise<void> {
    const turn = async () => {
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      for (const work of await begin()) work.then(tell, onFailure)
      const cancel = new AbortController()
      const { signal } = cancel
      await Promise.race([woken, sleep(POLL_MS, undefined, { signal }).catch(() => undefined)])
      cancel.abort()
    }
    return repeat(turn, { stopping: stop.signal, pauseMs: POLL_MS, onFailure })
  }

  return {
    wake: tell,

    async run() {
      let judged = 0
      for (;;) {
        const begun = await begin()
        if (begun.length === 0 && running.size === 0) return judged
        const done = await Promise.all(begun.length > 0 ? begun : running.values())
        judged += begun.length > 0 ? done.filter((isJudged) => isJudged).length : 0
      }
    },

    runContinuously(onFailure) {
      loop ??= follow(onFailure)
      return loop
    },

    async close() {
      stop.abort()
      wake()
      await loop
      await Promise.allSettled(running.values())
    },
  }
}
