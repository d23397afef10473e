import { expect, it } from 'vitest'
import { play } from './play.ts'
import { replayOf } from './replay.ts'

const DAYS = 10
const ITEMS = 6

/** Plays seeds, each a test; one that breaks a rule says how to see it again. */
export function playSeeds(first: number, count: number): void {
  const seeds = Array.from({ length: count }, (_, number) => first + number)
  it.each(seeds)('keeps every rule with seed %i', async (seed) => {
    const options = { seed, days: DAYS, items: ITEMS }
    const { digest } = await play(options).catch((cause: unknown) => {
      throw new Error(`${String(cause)}\nreplay: ${replayOf(options)}`, { cause })
    })
    expect(digest).not.toBe('')
  })
}
