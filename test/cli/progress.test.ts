import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { createProgress } from '../../src/cli/progress.ts'
import { ManualClock } from '../../src/core/index.ts'

/** What stands in the only line of a terminal after each time it was written anew. */
async function linesShown(work: (stream: PassThrough) => void): Promise<readonly string[]> {
  const stream = new PassThrough()
  work(stream)
  stream.end()
  return (await text(stream)).split('\u001b[1G').map((line) => line.split('\u001b[')[0] ?? '')
}

it('shows how much is done and how long the rest will take, and leaves the line empty', async () => {
  const clock = new ManualClock(Date.UTC(2026, 11, 1))
  const shown = await linesShown((stream) => {
    const progress = createProgress(stream, 'scanned', 400, clock)
    for (let step = 0; step < 100; step += 1) {
      clock.advance(1_000)
      progress.step()
    }
    progress.stop()
  })
  expect(shown[1]).toBe(`scanned ${'░'.repeat(40)} 0/400`)
  expect(shown.at(-2)).toBe(`scanned ${'█'.repeat(10)}${'░'.repeat(30)} 100/400, 5 min left`)
  expect(shown.at(-1)).toBe('')
})

it('draws no more than ten times a second', async () => {
  const clock = new ManualClock(Date.UTC(2026, 11, 1))
  const shown = await linesShown((stream) => {
    const progress = createProgress(stream, 'scanned', 1_000, clock)
    for (let step = 0; step < 1_000; step += 1) {
      clock.advance(1)
      progress.step()
    }
    progress.stop()
  })
  expect(shown).toHaveLength(13)
  expect(shown.at(-2)).toContain(`${'█'.repeat(40)} 1000/1000, 0 s left`)
})
