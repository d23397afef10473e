import type { Writable } from 'node:stream'
import { SingleBar } from 'cli-progress'

/** How far long work has come. */
export interface Progress {
  step(): void
  stop(): void
}

/** A bar on `stream`. */
export function createProgress(stream: Writable, label: string, total: number): Progress {
  const bar = new SingleBar({
    format: `${label} {bar} {value}/{total} {eta_formatted}`,
    stream,
    hideCursor: true,
    clearOnComplete: true,
  })
  bar.start(total, 0)
  return {
    step: () => {
      bar.increment()
    },
    stop: () => {
      bar.stop()
    },
  }
}
