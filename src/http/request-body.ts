import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'

/** The body until it ends or the server stops; breaks off with an error when the client is gone. */
export function untilStopped(request: IncomingMessage, stopping: AbortSignal): PassThrough {
  const body = new PassThrough()
  const stop = (): void => {
    request.unpipe(body)
    body.end()
  }
  request.once('close', () => {
    stopping.removeEventListener('abort', stop)
    if (!request.complete) body.destroy()
  })
  stopping.addEventListener('abort', stop, { once: true })
  request.pipe(body)
  if (stopping.aborted) stop()
  return body
}
