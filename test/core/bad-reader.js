// Plain JavaScript, so that its many threads start at once, without a loader.
import { performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers'
import { parentPort, threadId } from 'node:worker_threads'

/** Does what the text says; else reads it as itself. */
function read(text) {
  if (text === 'loop') for (;;) performance.now()
  if (text === 'exit') process.exit(3)
  if (text === 'thread') return threadId
  if (text === 'environment') return Object.keys(process.env)
  if (text === 'fill-heap') {
    const kept = []
    for (;;) kept.push(Array.from({ length: 100_000 }, (_, at) => at + 0.5))
  }
  if (text === 'die-later') {
    setTimeout(() => {
      throw new Error('nobody waits for this')
    }, 1)
  }
  return text
}

parentPort.on('message', (text) => {
  if (text === 'refuse') parentPort.postMessage({ refusal: { code: 'CONFLICT', message: 'no' } })
  else parentPort.postMessage({ read: read(text) })
})
parentPort.postMessage('loaded')
