import { type Clock, HOUR_MS } from '../../src/core/index.ts'

/** The time of the world, which passes, and that of the process, whose clock somebody sets now and then. */
export class WorldClock implements Clock {
  #trueMs: number
  #offMs = 0
  #latestMs = 0
  #skewMs = 0

  constructor(startMs: number) {
    this.#trueMs = startMs
  }

  /** The time as the process has it. */
  now(): number {
    const nowMs = this.#trueMs + this.#offMs + this.#skewMs
    this.#latestMs = Math.max(this.#latestMs, nowMs)
    return nowMs
  }

  /** It was set back, and has not come to where it was. */
  get isBehindItself(): boolean {
    return this.now() < this.#latestMs
  }

  get trueMs(): number {
    return this.#trueMs
  }

  pass(hours: number): void {
    this.#trueMs += Math.round(hours * HOUR_MS)
  }

  /** The clock of one of several processes. */
  of(skewMs: number): Clock {
    return { now: () => this.#trueMs + this.#offMs + skewMs }
  }

  /** Whose clock counts from now on: it dispatches. */
  follow(skewMs: number): void {
    this.#skewMs = skewMs
  }

  /** The clock of the process is so much ahead of the world's (behind, where negative) from now on. */
  set(aheadHours: number): void {
    this.#offMs = aheadHours * HOUR_MS
  }
}
