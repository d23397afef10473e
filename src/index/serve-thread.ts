import { parentPort, workerData } from 'node:worker_threads'
import { HindraError, toHindraError } from '../errors.ts'
import { indexClosed } from './checks.ts'
import type { FromThread, ThreadControl, ToThread } from './thread-calls.ts'

const { stop } = workerData as ThreadControl

/** Throws INDEX_INVALID once this thread is to end, when nobody waits for its answer any more. */
export function throwIfStopping(): void {
  if (isStopping()) throw indexClosed()
}

function isStopping(): boolean {
  return Atomics.load(stop, 0) === 1
}

/** Answers, in an index thread, what is asked, in order, until it is to end. */
export function serveThread<Requests, Replies extends Record<keyof Requests, unknown>>(
  answer: (message: ToThread<Requests>) => Replies[keyof Replies],
): void {
  const port = parentPort
  if (port === null) throw new HindraError('INTERNAL', 'the index thread was started as a process')
  const post = (message: FromThread<Replies>, buffers: ArrayBuffer[] = []) => {
    port.postMessage(message, buffers)
  }
  port.on('message', (message: ToThread<Requests>) => {
    if (isStopping()) {
      port.close()
      return
    }
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
