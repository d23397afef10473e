import { parentPort, workerData } from 'node:worker_threads'
import { HindraError, toHindraError } from '../errors.ts'
import { createIndex, type IndexKind } from './kinds.ts'
import {
  buffersOf,
  type FromIndexThread,
  type IndexReplies,
  packHits,
  type RequestKind,
  type ToIndexThread,
  unpackHash,
} from './thread-messages.ts'

const port = parentPort
if (port === null) throw new HindraError('INTERNAL', 'the index thread was started as a process')
const index = createIndex((workerData as { kind: IndexKind }).kind)

port.on('message', (message: ToIndexThread) => {
  try {
    const reply = answer(message)
    post({ id: message.id, reply }, reply === undefined ? [] : buffersOf(reply))
  } catch (error) {
    const { code, message: text } = toHindraError(error)
    post({ id: message.id, refusal: { code, message: text } })
  }
})

function post(message: FromIndexThread, buffers: ArrayBuffer[] = []): void {
  port?.postMessage(message, buffers)
}

function answer({ kind, body }: ToIndexThread): IndexReplies[RequestKind] {
  switch (kind) {
    case 'add':
      body.labels.forEach((label, i) => {
        index.add(label, unpackHash(body.hashes, i))
      })
      return undefined
    case 'remove':
      body.labels.forEach((label) => index.remove(label))
      return undefined
    case 'search': {
      const { hashes, limit } = body
      const results = Array.from(body.radii, (radius, i) =>
        index.search({ hash: unpackHash(hashes, i), radius }, limit),
      )
      return packHits(results)
    }
    case 'state':
      return { exact: index.exact, size: index.size }
  }
}
