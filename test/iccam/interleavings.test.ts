import { expect, it } from 'vitest'
import { playInterleaving } from './interleaving.ts'

const SEEDS = Number(process.env['HINDRA_ICCAM_SEEDS'] ?? 20)
const FIRST = Number(process.env['HINDRA_SEED'] ?? 1)
const SEED_SECONDS = 60

it(
  `ends without a difference, and with nothing sent twice, in ${SEEDS} orders of what people and lines do`,
  async () => {
    const sum = new Map<string, number>()
    for (let seed = FIRST; seed < FIRST + SEEDS; seed += 1) {
      const { differences, ...counts } = await playInterleaving(seed)
      for (const [name, value] of Object.entries(counts)) {
        if (name !== 'seed') sum.set(name, (sum.get(name) ?? 0) + value)
      }
      expect({ seed, differences, doubled: counts.doubled }).toEqual({
        seed,
        differences: [],
        doubled: 0,
      })
    }
    const summary = [...sum].map(([name, value]) => `${name} ${value}`).join(', ')
    if (SEEDS >= 1_000) console.info(`${SEEDS} seeds from ${FIRST}: ${summary}, differences 0`)
    // A run in which nothing went wrong would prove nothing.
    for (const name of ['reports', 'writes', 'troubles', 'kills', 'theirActs', 'settled']) {
      expect(sum.get(name), name).toBeGreaterThan(0)
    }
  },
  SEEDS * SEED_SECONDS * 1_000,
)
