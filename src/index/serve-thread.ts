import { parentPort } from 'node:worker_threads'
import { HindraError, toHindraError } from '../errors.ts'
import type { FromThread, ToThread } from './thread-calls.ts'

/** Answers, in an index thread, what is asked, in order. */
export function serveThread<Requests, Replies extends Record<keyof Requests, unknown>>(
  answer: (message: ToThread<Requests>) => Replies[keyof Replies],
): void {
  const port = parentPort
  if (port === null) throw new HindraError('INTERNAL', 'the index thread was started as a process')
  const post = (message: FromThread<Replies>, buffers: ArrayBuffer[] = []) => {
    port.postMessage(message, buffers)
  }
  port.on('message', (message: ToThread<Requests>) => {
    try {
      const reply = answer(message)
      post({ id: message.id, reply }, buffersOf(reply))
    } catch (error) {
      const { code, message: text } = toHindraError(error)
      post({ id: message.id, refusal: { code, message: text } })
    }
  })
}

/** The buffers of a reply: they move to the other thread instead of being copied. */
function buffersOf(reply: unknown): ArrayBuffer[] {
  return Object.values(reply ?? {})
    .filter((value) => ArrayBuffer.isView(value))
    .map((view) => view.buffer as ArrayBuffer)
}
