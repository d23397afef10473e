import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'

export interface StoppableBody {
  /** Breaks off with an error when the client is gone. */
  readonly bytes: PassThrough
  /** Whether it was ended before its sender did: its last line may be a piece of one. */
  readonly isCut: () => boolean
  /** Ends it here: what the client goes on sending is not read. */
  readonly stop: () => void
}

/** The body until it ends, the server stops or `stop` is called. */
export function untilStopped(request: IncomingMessage, stopping: AbortSignal): StoppableBody {
  const body = new PassThrough()
  let isCut = false
  const stop = (): void => {
    isCut ||= !body.writableEnded
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
  return { bytes: body, isCut: () => isCut, stop }
}
