import { expect, it } from 'vitest'
import { playInterleaving } from './interleaving.ts'
import { IS_LONG, usually } from '../long.ts'

const SEEDS = usually(8, 1_000)
const FIRST = Number(process.env['HINDRA_SEED'] ?? 1)
const SEED_MS = 60_000

it(
  `ends without a difference, and with nothing sent twice, in ${SEEDS} orders of what people and lines do`,
  async () => {
    const sum = new Map<string, number>()
    const failed: object[] = []
    for (let seed = FIRST; seed < FIRST + SEEDS; seed += 1) {
      const { differences, ...counts } = await playInterleaving(seed)
      if (differences.length > 0 || counts.doubled > 0) {
        failed.push({ seed, differences, doubled: counts.doubled })
      }
      for (const [name, value] of Object.entries(counts)) {
        if (name !== 'seed') sum.set(name, (sum.get(name) ?? 0) + value)
      }
    }
    if (IS_LONG) {
      const summary = [...sum].map(([name, value]) => `${name} ${value}`).join(', ')
      console.info(`seeds ${FIRST} to ${FIRST + SEEDS - 1}: failed ${failed.length}, ${summary}`)
    }
    expect(failed).toEqual([])
    // A run in which nothing went wrong would prove nothing.
    for (const name of ['reports', 'writes', 'troubles', 'kills', 'theirActs', 'settled']) {
      expect(sum.get(name), name).toBeGreaterThan(0)
    }
  },
  SEEDS * SEED_MS,
)
