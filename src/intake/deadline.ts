import { SECOND_MS } from '../core/index.ts'
import { HindraError } from '../errors.ts'

/** Aborts with FETCH_FAILED what has not ended within `seconds`; the message ends in `what`. */
export async function within<Result>(
  abort: AbortController,
  seconds: number,
  what: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const timer = setTimeout(() => {
    abort.abort(new HindraError('FETCH_FAILED', `time-out: ${seconds} s ${what}`))
  }, seconds * SECOND_MS)
  try {
    return await work()
  } finally {
    clearTimeout(timer)
  }
}

/** Ends `work`, which knows no signal itself, with the reason of the abort. */
export function orAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      reject(signal.reason as Error)
    }
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject)
  })
}
