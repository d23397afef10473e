import { BUSY, type SubmitOptions } from '../client/index.ts'
import { MINUTE_MS, SECOND_MS } from '../core/index.ts'
import type { Output } from './output.ts'

/** How long a busy server is waited for in all, by people and by scripts. */
const BUSY_MS = 2 * MINUTE_MS

/** The patience of every command with a server that asks for time: told of on standard error. */
export function whileBusy(
  output: Output,
): Pick<SubmitOptions, 'giveUpAfterMs' | 'waitsFor' | 'onRetry'> {
  return {
    giveUpAfterMs: BUSY_MS,
    waitsFor: BUSY,
    onRetry({ code }, waitMs) {
      output.note(`${code}: the server is busy, trying again in ${Math.ceil(waitMs / SECOND_MS)} s`)
    },
  }
}
