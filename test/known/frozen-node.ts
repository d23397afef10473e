import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { toHindraError } from '../../src/errors.ts'
import { indexSource } from '../../src/index/index.ts'
import { openNode } from './node.ts'

/** How long each search is under way before it looks and after, so that this is where the process is frozen. */
const SEARCH_MS = 100

/** Searches for one picture again and again, and prints what it would answer: ids, or a code. */
const [url = '', seed = ''] = process.argv.slice(2)
const source = indexSource('exact')
const node = await openNode({
  url,
  patienceMs: 500,
  indexes: {
    ...source,
    async open(saved) {
      const index = await source.open(saved)
      return {
        ...index,
        async search(...asked) {
          await sleep(SEARCH_MS)
          const found = await index.search(...asked)
          await sleep(SEARCH_MS)
          return found
        },
      }
    },
  },
})
for (;;) {
  const answer = await node.found(Number(seed)).then(
    (ids) => (ids.length === 0 ? 'none' : ids.join()),
    (error: unknown) => toHindraError(error).code,
  )
  writeSync(1, `${answer}\n`)
  // Who sends an answer has a turn of the queue; one that was refused is asked again.
  await sleep(1)
}
