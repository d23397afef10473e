import { parentPort } from 'node:worker_threads'
import { HindraError, toHindraError } from '../errors.ts'
import type { RoomAnswer } from './reading-room.ts'

/** In the thread of a reading room: says that it has loaded, and then what each text says. */
export function serveReadingRoom(read: (text: never) => unknown): void {
  const port = parentPort
  if (port === null) throw new HindraError('INTERNAL', 'a reader was started as a process')
  const answer = async (text: never) => {
    try {
      port.postMessage({ read: await read(text) } satisfies RoomAnswer)
    } catch (error) {
      const { code, message } = toHindraError(error)
      port.postMessage({ refusal: { code, message } } satisfies RoomAnswer)
    }
  }
  // What the room was made for is what it sends.
  port.on('message', (text: unknown) => void answer(text as never))
  port.postMessage('loaded')
}
