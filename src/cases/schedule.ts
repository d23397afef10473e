import type { Config } from '../config.ts'
import { HOUR_MS, isoTime } from '../core/index.ts'
import { type CaseClear, currentRound, NO_MISSES, reopened, withRound } from './record.ts'
import { isAtWork, isResting, mayBeNotified } from './states.ts'
import type { Look } from './types.ts'

type RecheckSettings = Config['recheck']

/** The clear part with its next events: nothing at work that may be notified is ever without one. */
export function scheduled(clear: CaseClear, nowMs: number, settings: RecheckSettings): CaseClear {
  return {
    ...clear,
    nextRecheckAt: nextLook(clear, nowMs, settings),
    nextTraceAt: needsTrace(clear) ? (clear.nextTraceAt ?? isoTime(nowMs)) : null,
  }
}

/** Its host is known and nobody has been told yet in this round. */
export function awaitsNotice(clear: CaseClear): boolean {
  return clear.status === 'open' && clear.tracedAt !== null && mayBeNotified(clear)
}

function needsTrace(clear: CaseClear): boolean {
  return clear.status === 'open' && clear.tracedAt === null && mayBeNotified(clear)
}

function nextLook(clear: CaseClear, nowMs: number, settings: RecheckSettings): string | null {
  if (isAtWork(clear.status)) {
    if (!mayBeNotified(clear)) return null
    return clear.nextRecheckAt ?? isoTime(nowMs + settings.intervalHours * HOUR_MS)
  }
  if (!isResting(clear.status)) return null
  const next = clear.nextRecheckAt ?? isoTime(nowMs + settings.watchIntervalHours * HOUR_MS)
  const { endedAt, openedAt } = currentRound(clear)
  return next <= hoursAfter(endedAt ?? openedAt, settings.watchDays * 24) ? next : null
}

/**
 * What one look changes. Gone means `missesNeeded` misses in a row, each at least `missGapHours`
 * after the one before; what rests is watched for `watchDays` and re-opens when it is back.
 */
export function afterLook(
  clear: CaseClear,
  look: Look,
  settings: RecheckSettings,
): Partial<CaseClear> {
  const resting = isResting(clear.status)
  const usual = hoursAfter(look.at, resting ? settings.watchIntervalHours : settings.intervalHours)
  if (look.outcome === 'unverifiable' || isOvertaken(clear, look)) return { nextRecheckAt: usual }
  if (look.outcome === 'present') {
    if (resting) return reopened(clear, look.at)
    return { ...NO_MISSES, lastSeenAt: later(clear.lastSeenAt, look.at), nextRecheckAt: usual }
  }
  if (resting) return { lastMissAt: look.at, nextRecheckAt: usual }
  if (look.outcome === 'moved') return rest(clear, 'moved', look.at, look.at, settings)
  return missed(clear, look.at, settings)
}

/** A look that began before a newer one found the contrary says nothing of the time since. */
function isOvertaken(clear: CaseClear, { outcome, at }: Look): boolean {
  if (outcome !== 'present') return at < clear.lastSeenAt
  return clear.lastMissAt !== null && at < clear.lastMissAt
}

function missed(clear: CaseClear, at: string, settings: RecheckSettings): Partial<CaseClear> {
  const { missGapHours, missesNeeded, intervalHours } = settings
  if (clear.lastMissAt !== null) {
    const countsFrom = hoursAfter(clear.lastMissAt, missGapHours)
    if (at < countsFrom) return { nextRecheckAt: countsFrom }
  }
  const missesInRow = clear.missesInRow + 1
  const firstMissAt = clear.firstMissAt ?? at
  if (missesInRow >= missesNeeded) {
    return { missesInRow, firstMissAt, ...rest(clear, 'removed', firstMissAt, at, settings) }
  }
  const nextRecheckAt = hoursAfter(at, Math.min(missGapHours, intervalHours))
  return { missesInRow, firstMissAt, lastMissAt: at, nextRecheckAt }
}

function rest(
  clear: CaseClear,
  end: 'removed' | 'moved',
  endedAt: string,
  at: string,
  settings: RecheckSettings,
): Partial<CaseClear> {
  return {
    status: end,
    rounds: withRound(clear, { endedAt, end }),
    lastMissAt: at,
    nextRecheckAt: hoursAfter(at, settings.watchIntervalHours),
  }
}

/** Of two times in ISO 8601. */
export function later(a: string, b: string): string {
  return a > b ? a : b
}

function hoursAfter(time: string, hours: number): string {
  return isoTime(Date.parse(time) + hours * HOUR_MS)
}
