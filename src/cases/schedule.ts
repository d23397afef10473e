import type { Config } from '../config.ts'
import { HOUR_MS, hoursAfter, isoTime, type Random } from '../core/index.ts'
import {
  type CaseClear,
  type CaseRow,
  currentRound,
  NO_MISSES,
  reopened,
  withRound,
} from './record.ts'
import { isAtWork, isResting, mayBeNotified } from './states.ts'
import type { CaseLook, LookAnswer } from './case.ts'
import { quietUntil, retryAt, withUnverified } from './unverified.ts'

type NextLook = Pick<CaseClear, 'nextRecheckAt' | 'nextRecheckWhy'>

const NO_LOOK: NextLook = { nextRecheckAt: null, nextRecheckWhy: null }

/** The place before everything that waits. */
const FIRST_IN_LINE = isoTime(0)

export type Schedule = ReturnType<typeof createSchedule>

/** When a case is looked at, and what a look changes. Intervals are drawn, so that nobody can foresee a look. */
export function createSchedule(random: Random, settings: Config['recheck']) {
  const { intervals, watchIntervals, watchDays, missGapHours, missesNeeded } = settings

  return {
    /** The clear part with its next events: nothing at work that may be notified is ever without one. */
    scheduled(before: Written | undefined, after: Written, nowMs: number): CaseClear {
      const { clear } = after
      const next = nextLook(clear, nowMs)
      return {
        ...clear,
        ...next,
        // Where nobody looks, nobody waits for what a look would tell.
        unverified: next.nextRecheckAt === null ? null : (clear.unverified ?? null),
        nextTraceAt: needsTrace(clear) ? nextTrace(before, after, nowMs) : null,
      }
    },

    /**
     * By when it is looked at again at the latest, as it may be said to whom must not foresee when. Null where no look
     * is planned, or only one later than usual.
     */
    lookedAtBy(clear: CaseClear, at: string): string | null {
      if (clear.nextRecheckAt === null) return null
      const by = hoursAfter(at, intervalOf(clear, at).toHours)
      return clear.nextRecheckAt <= by ? by : null
    },

    /**
     * What one look changes. Gone means `missesNeeded` misses in a row, each at least `missGapHours`
     * after the one before; what rests is watched for `watchDays` and re-opens when it is back.
     */
    afterLook(clear: CaseClear, look: CaseLook): Partial<CaseClear> {
      const resting = isResting(clear.status)
      const next = usual(clear, look.at)
      if (isOvertaken(clear, look)) return next
      if (look.outcome === 'unverifiable') return untold(clear, look, resting)
      return { ...told(clear, look, next), unverified: null }
    },

    /** What a person's word changes: it counts as it stands, without further looks. */
    afterAnswer(clear: CaseClear, given: LookAnswer, at: string): Partial<CaseClear> {
      const resting = isResting(clear.status)
      const next = usual(clear, at)
      switch (given.answer) {
        case 'still-there':
          if (resting) return reopened(clear, at)
          return {
            ...NO_MISSES,
            lastSeenAt: later(clear.lastSeenAt, at),
            ...next,
            unverified: null,
          }
        case 'gone':
          if (resting) return { lastMissAt: at, ...next, unverified: null }
          return { ...rest(clear, 'removed', clear.firstMissAt ?? at, at), unverified: null }
        case 'look-again': {
          const nextRecheckWhy = 'a person wants it looked at again then'
          const quiet = clear.unverified ? quietUntil(clear.unverified, given.at) : null
          return { nextRecheckAt: given.at, nextRecheckWhy, unverified: quiet }
        }
      }
    },
  }

  function told(clear: CaseClear, look: CaseLook, next: NextLook): Partial<CaseClear> {
    const resting = isResting(clear.status)
    if (look.outcome === 'present') {
      if (resting) return reopened(clear, look.at)
      return { ...NO_MISSES, lastSeenAt: later(clear.lastSeenAt, look.at), ...next }
    }
    if (resting) return { lastMissAt: look.at, ...next }
    if (look.outcome === 'moved') return rest(clear, 'moved', look.at, look.at)
    return missed(clear, look.at)
  }

  /** What may mend itself is tried once more before a person is told of it. */
  function untold(clear: CaseClear, look: CaseLook, resting: boolean): Partial<CaseClear> {
    const unverified = withUnverified(clear.unverified ?? null, look, { resting, settings })
    const next = usual(clear, look.at)
    const soon = retryAt(unverified, look.at)
    if (soon === undefined || soon >= (next.nextRecheckAt ?? '')) return { ...next, unverified }
    const nextRecheckWhy = 'it could not be told: once more before a person is asked'
    return { nextRecheckAt: soon, nextRecheckWhy, unverified }
  }

  function nextLook(clear: CaseClear, nowMs: number): NextLook {
    const { nextRecheckAt, nextRecheckWhy } = clear
    const planned = nextRecheckAt === null ? undefined : { nextRecheckAt, nextRecheckWhy }
    if (isAtWork(clear.status)) {
      return mayBeNotified(clear) ? (planned ?? usual(clear, isoTime(nowMs))) : NO_LOOK
    }
    if (!isResting(clear.status)) return NO_LOOK
    const next = planned ?? usual(clear, isoTime(nowMs))
    return (next.nextRecheckAt ?? '') <= watchedUntil(clear) ? next : NO_LOOK
  }

  /** How far two looks lie apart, by how long it is open, or rests, already. */
  function intervalOf(clear: CaseClear, at: string) {
    const resting = isResting(clear.status)
    const { openedAt, endedAt } = currentRound(clear)
    const since = resting ? (endedAt ?? openedAt) : openedAt
    const ladder = resting ? watchIntervals : intervals
    const days = (Date.parse(at) - Date.parse(since)) / (24 * HOUR_MS)
    const step = ladder.find((one) => days < one.days) ?? ladder.at(-1)
    if (step === undefined) throw new Error('a ladder of intervals has a step')
    return step
  }

  /** The usual next look. */
  function usual(clear: CaseClear, at: string): NextLook {
    const resting = isResting(clear.status)
    const { fromHours, toHours } = intervalOf(clear, at)
    const every =
      fromHours === toHours ? `every ${fromHours} h` : `every ${fromHours} to ${toHours} h`
    const nextRecheckAt = hoursAfter(at, fromHours + (toHours - fromHours) * share(random))
    if (!resting) {
      return { nextRecheckAt, nextRecheckWhy: `${every} until it is gone, ever more rarely` }
    }
    const until = watchedUntil(clear).slice(0, 10)
    return { nextRecheckAt, nextRecheckWhy: `${every} until ${until}, as it may come back` }
  }

  function watchedUntil(clear: CaseClear): string {
    const { endedAt, openedAt } = currentRound(clear)
    return hoursAfter(endedAt ?? openedAt, watchDays * 24)
  }

  function missed(clear: CaseClear, at: string): Partial<CaseClear> {
    if (clear.lastMissAt !== null) {
      const countsFrom = hoursAfter(clear.lastMissAt, missGapHours)
      if (at < countsFrom) return proving(clear.missesInRow, countsFrom)
    }
    const missesInRow = clear.missesInRow + 1
    const firstMissAt = clear.firstMissAt ?? at
    if (missesInRow >= missesNeeded) {
      return { missesInRow, firstMissAt, ...rest(clear, 'removed', firstMissAt, at) }
    }
    const next = proving(missesInRow, hoursAfter(at, missGapHours))
    return { missesInRow, firstMissAt, lastMissAt: at, ...next }
  }

  function proving(missesInRow: number, nextRecheckAt: string): NextLook {
    const nextRecheckWhy = `missed ${missesInRow} of ${missesNeeded} times, ${missGapHours} h apart`
    return { nextRecheckAt, nextRecheckWhy }
  }

  function rest(
    clear: CaseClear,
    end: 'removed' | 'moved',
    endedAt: string,
    at: string,
  ): Partial<CaseClear> {
    const rounds = withRound(clear, { endedAt, end })
    const ended = { status: end, rounds, lastMissAt: at }
    return { ...ended, ...usual({ ...clear, ...ended }, at) }
  }
}

/** A case as it is written, before it is scheduled. */
type Written = Pick<CaseRow, 'clear' | 'sealed'>

/**
 * Whether it goes before all others whose host is sought and of which somebody is to be told: a child asks for itself or is in
 * danger now, or what had been dealt with came back.
 */
export function isUrgent({ clear, sealed }: Written): boolean {
  const { ownRequest, inDangerNow } = sealed.circumstances
  // Records of before lack what was not asked then.
  return clear.rounds.length > 1 || [ownRequest, inDangerNow].includes(true)
}

/** Whether its host is known and nobody has been told yet in this round. */
export function awaitsNotice(clear: CaseClear): boolean {
  return clear.status === 'open' && clear.tracedAt !== null && mayBeNotified(clear)
}

function needsTrace(clear: CaseClear): boolean {
  return clear.status === 'open' && clear.tracedAt === null && mayBeNotified(clear)
}

/** A case that has become urgent waits no longer, however long it was to wait before. */
function nextTrace(before: Written | undefined, after: Written, nowMs: number): string {
  if (!isUrgent(after)) return after.clear.nextTraceAt ?? isoTime(nowMs)
  const wasUrgent = before !== undefined && isUrgent(before)
  return (wasUrgent ? after.clear.nextTraceAt : null) ?? FIRST_IN_LINE
}

/** A look that began before a newer one found the contrary says nothing of the time since. */
function isOvertaken(clear: CaseClear, { outcome, at }: CaseLook): boolean {
  if (outcome !== 'present') return at < clear.lastSeenAt
  return clear.lastMissAt !== null && at < clear.lastMissAt
}

/** The later of two times in ISO 8601. */
export function later(a: string, b: string): string {
  return a > b ? a : b
}

/** A number uniform in [0, 1). */
function share(random: Random): number {
  const bytes = random.bytes(4)
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) / 2 ** 32
}
