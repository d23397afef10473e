import { expect, it } from 'vitest'
import { play, type PlayOptions } from './play.ts'
import { replayOf } from './replay.ts'

const USUAL = { days: 10, items: 6 }

/** Plays seeds, each a test; one that breaks a rule says how to see it again. */
export function playSeeds(
  first: number,
  count: number,
  other: Partial<Omit<PlayOptions, 'seed'>> = {},
): void {
  const seeds = Array.from({ length: count }, (_, number) => first + number)
  it.each(seeds)('keeps every rule with seed %i', async (seed) => {
    const options = { seed, ...USUAL, ...other }
    const { digest } = await play(options).catch((cause: unknown) => {
      throw new Error(`${String(cause)}\nreplay: ${replayOf(options)}`, { cause })
    })
    expect(digest).not.toBe('')
  })
}
