import { setTimeout as sleep } from 'node:timers/promises'
import type { SeededRandom } from '../../src/core/index.ts'

const PAUSE_MS = { least: 200, most: 3_000 }

/**
 * Makes one trouble after the other, each as often as every other one, in an order and at moments that a seed draws, and
 * says how often each was made.
 */
export async function makeTroubles<Name extends string>(
  names: readonly Name[],
  minutes: number,
  random: SeededRandom,
  make: (name: Name) => Promise<void>,
): Promise<Readonly<Record<string, number>>> {
  const made = new Map<string, number>(names.map((name) => [name, 0]))
  const until = performance.now() + minutes * 60_000
  let left: Name[] = []
  while (performance.now() < until) {
    await sleep(random.integer(PAUSE_MS.least, PAUSE_MS.most))
    if (left.length === 0) left = [...names]
    const [name] = left.splice(random.integer(0, left.length - 1), 1)
    if (name === undefined) break
    await make(name)
    made.set(name, (made.get(name) ?? 0) + 1)
  }
  return Object.fromEntries(made)
}
