// Plain JavaScript, so that its many workers start at once, without a loader.
import { Buffer } from 'node:buffer'
import { performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers'
import { setTimeout as sleep } from 'node:timers/promises'

/** Does what the bytes say; the `md5` of its answers is the text that it was given. */
export default async function misbehave({ bytes, memory }) {
  const text = Buffer.from(bytes).toString()
  const [order, milliseconds] = text.split(' ')
  if (order === 'loop') spin()
  if (order === 'sleep') await sleep(Number(milliseconds))
  if (order === 'take-all') takeAll(memory)
  if (order === 'exit') process.exit(3)
  if (order === 'fill-heap') fillHeap()
  if (order === 'throw') throw new Error('not caught by the task')
  if (order === 'die-later') {
    setTimeout(() => {
      throw new Error('nobody waits for this')
    }, Number(milliseconds))
  }
  if (order === 'free') return { fingerprint: { md5: String(new Int32Array(memory.budget)[0]) } }
  return { fingerprint: { md5: text } }
}

/** Holds the memory of all and never gives it back. */
function takeAll({ budget, own }) {
  new Int32Array(own)[0] = Atomics.exchange(new Int32Array(budget), 0, 0)
  spin()
}

function spin() {
  for (;;) performance.now()
}

function fillHeap() {
  const kept = []
  for (;;) kept.push(Array.from({ length: 100_000 }, (_, i) => i + 0.5))
}
