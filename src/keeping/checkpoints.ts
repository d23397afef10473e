import { type Audit, keepCheckpoint } from '../audit/index.ts'
import type { Config } from '../config.ts'
import { type Clock, HOUR_MS } from '../core/index.ts'
import { HindraError } from '../errors.ts'

/**
 * Adds a checkpoint to the file of the settings, where there is one and its time has come.
 *
 * @param warn Told where the chain is shorter than it was: all else goes on
 */
export function checkpointWriter(
  audit: Audit,
  clock: Clock,
  { checkpointFile, checkpointHours }: Config['audit'],
  warn: (message: string) => void,
): () => Promise<void> {
  let nextMs = 0
  return async () => {
    if (checkpointFile === undefined || clock.now() < nextMs) return
    try {
      const checkpoint = await audit.checkpoint()
      if (checkpoint === null) return
      await keepCheckpoint(checkpointFile, checkpoint)
    } catch (error) {
      if (!(error instanceof HindraError && error.code === 'AUDIT_BROKEN')) throw error
      warn(`no checkpoint is kept: ${error.message}`)
    }
    nextMs = clock.now() + checkpointHours * HOUR_MS
  }
}
