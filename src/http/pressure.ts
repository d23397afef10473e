import { monitorEventLoopDelay } from 'node:perf_hooks'
import { HindraError } from '../errors.ts'

const SAMPLE_MS = 1_000
const NS_PER_MS = 1e6

/** Whether the server is too busy to begin anything. */
export interface Pressure {
  /** Throws OVERLOADED. */
  check(): void
  close(): void
}

/**
 * Busy is a process whose event loop was later than `loopDelayMsMax` at any time within the last
 * second: then every answer is that late, and refusing is quicker than making all wait.
 */
export function watchPressure(loopDelayMsMax: number): Pressure {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  let worstMs = 0
  delay.enable()
  const timer = setInterval(() => {
    worstMs = delay.max / NS_PER_MS
    delay.reset()
  }, SAMPLE_MS)
  timer.unref()

  return {
    check() {
      if (worstMs <= loopDelayMsMax) return
      throw new HindraError('OVERLOADED', 'the server is too busy')
    },
    close() {
      clearInterval(timer)
      delay.disable()
    },
  }
}
