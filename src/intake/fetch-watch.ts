import type { Socket } from 'node:net'
import type { Config } from '../config.ts'
import { SECOND_MS } from '../core/index.ts'
import { HindraError } from '../errors.ts'

const WIRE_CHECK_MS = 250

export interface WireMeter {
  /** From now on the answer must also come fast enough. */
  readonly bodyBegins: () => void
  readonly stop: () => void
}

/**
 * Ends a connection that brings more than `fetch.wireBytesMax` or, once the body has begun, less
 * than `fetch.bytesPerSecondMin`. It counts what arrives, not what the parser hands on: interim
 * answers, chunk extensions and padding cost nothing to send and never become a body.
 */
export function watchWire(
  socket: Socket,
  settings: Config['fetch'],
  abort: AbortController,
): WireMeter {
  const { wireBytesMax, bytesPerSecondMin, paceSeconds } = settings
  const wire = setInterval(() => {
    if (socket.bytesRead <= wireBytesMax) return
    const message = `the answer is over fetch.wireBytesMax (${wireBytesMax} bytes)`
    abort.abort(new HindraError('TOO_LARGE', message))
  }, WIRE_CHECK_MS)
  let pace: NodeJS.Timeout | undefined
  return {
    bodyBegins() {
      let before = socket.bytesRead
      pace = setInterval(() => {
        const arrived = socket.bytesRead - before
        before = socket.bytesRead
        if (arrived >= bytesPerSecondMin * paceSeconds) return
        const message = `too slow: under ${bytesPerSecondMin} bytes a second over ${paceSeconds} s`
        abort.abort(new HindraError('FETCH_FAILED', message))
      }, paceSeconds * SECOND_MS)
    },
    stop() {
      clearInterval(wire)
      clearInterval(pace)
    },
  }
}
