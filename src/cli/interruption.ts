import type { Shell } from './shell.ts'
import { onSignals } from './signals.ts'

/**
 * Long work that goes step by step. Ctrl-C lets the step under way end and begins no other; what that
 * means is said at once. Ctrl-C again leaves without waiting.
 *
 * @param says What goes on, and how the rest is done later
 */
export async function interruptible(
  shell: Shell,
  says: () => string,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController()
  let exitCode: number | undefined
  const stopHandling = onSignals((code) => {
    if (stop.signal.aborted) process.exit(code)
    exitCode = code
    shell.output().note(says())
    stop.abort()
  })
  try {
    await work(stop.signal)
  } finally {
    stopHandling()
    if (exitCode !== undefined) shell.exitWith(exitCode)
  }
}
