// A process of its own, so that nobody else's work is in its times: URL KEY SEED, until its input ends.
import { setTimeout as sleep } from 'node:timers/promises'
import { createHindraClient } from '../../src/client/index.ts'
import { pdqOf } from './installation.ts'

/** Between an answer and the next question. */
const PAUSE_MS = 10
/** Hashes that no list of the bench holds. */
const UNKNOWN = 1_000_000_000

const [url = '', key = '', seed = ''] = process.argv.slice(2)
const client = createHindraClient({ url, key })
let isOver = false
process.stdin.resume().once('end', () => {
  isOver = true
})

const answerMs: number[] = []
let askedAt = 0
for await (const { answer } of client.submit(sightings())) {
  answerMs.push(performance.now() - askedAt)
  if (!('verdict' in answer)) throw new Error(`a line was answered ${JSON.stringify(answer)}`)
}
await client.close()
console.log(JSON.stringify(answerMs))

/** One at a time: the next one is asked for when the last was answered. */
async function* sightings() {
  for (let number = 0; !isOver; number += 1) {
    while (answerMs.length < number) await sleep(1)
    await sleep(PAUSE_MS)
    const value = pdqOf(UNKNOWN + number, Number(seed))
    askedAt = performance.now()
    yield {
      url: `https://images.example/${number}.jpg`,
      hashes: [{ type: 'pdq' as const, value, quality: 90 }],
    }
  }
}
