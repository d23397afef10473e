import { clearLine, cursorTo } from 'node:readline'
import type { Writable } from 'node:stream'
import { type Clock, MINUTE_MS, SECOND_MS, systemClock } from '../core/index.ts'

/** How far long work has come. */
export interface Progress {
  step(): void
  stop(): void
}

const BAR_WIDTH = 40
/** Seldom enough that the terminal takes no time from the work. */
const DRAWN_EVERY_MS = 100

/** A bar in one line of the terminal at `stream`, which it clears in the end. */
export function createProgress(
  stream: Writable,
  label: string,
  total: number,
  clock: Clock = systemClock,
): Progress {
  const startedAt = clock.now()
  let drawnAt = startedAt
  let done = 0

  function draw(): void {
    drawnAt = clock.now()
    const filled = total === 0 ? BAR_WIDTH : Math.floor((done / total) * BAR_WIDTH)
    const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled)
    cursorTo(stream, 0)
    stream.write(`${label} ${bar} ${done}/${total}${leftText(drawnAt - startedAt)}`)
    clearLine(stream, 1)
  }

  function leftText(elapsedMs: number): string {
    if (done === 0) return ''
    const leftMs = (elapsedMs / done) * (total - done)
    return leftMs < MINUTE_MS
      ? `, ${Math.ceil(leftMs / SECOND_MS)} s left`
      : `, ${Math.ceil(leftMs / MINUTE_MS)} min left`
  }

  draw()
  return {
    step() {
      done += 1
      if (clock.now() - drawnAt >= DRAWN_EVERY_MS) draw()
    },
    stop() {
      cursorTo(stream, 0)
      clearLine(stream, 0)
    },
  }
}
