/** Milliseconds since the epoch, UTC. Injected everywhere, so that months can be simulated. */
export interface Clock {
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

/** A clock that only moves when told: for the demo and for tests. */
export class ManualClock implements Clock {
  #now: number

  constructor(startMs: number) {
    this.#now = startMs
  }

  now(): number {
    return this.#now
  }

  advance(ms: number): void {
    this.#now += ms
  }
}

export const SECOND_MS = 1_000
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000

/** How far the clocks of two servers of one house may be apart. */
export const CLOCKS_APART_MS = 30 * SECOND_MS

/** UTC ISO 8601 with milliseconds, the only form in which times are kept and shown. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}

/** The time so many hours after another, both UTC ISO 8601. */
export function hoursAfter(time: string, hours: number): string {
  return isoTime(Date.parse(time) + hours * HOUR_MS)
}
