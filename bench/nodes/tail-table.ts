import { percentile } from '../measure.ts'
import type { Bench } from '../bench.ts'
import { type Scene, tailOf } from './tail.ts'

const SHARDS = [1, 2, 4, 8, 16, 32, 64]
const ANSWER_MS = 2_000
const SLOW_TIMES = 20

/** Tells how long a lookup over many shards takes, simulated from the measured times of one: each row says that it is. */
export function tellTails(bench: Bench, times: readonly number[]): void {
  const hedgeMs = 2 * percentile(times, 99)
  const scenes: readonly (readonly [string, Omit<Scene, 'shards' | 'hedgeMs' | 'answerMs'>])[] = [
    ['all well', {}],
    [`one node ${SLOW_TIMES} times as slow`, { slowTimes: SLOW_TIMES }],
    ['one node lost', { isOneLost: true }],
  ]
  for (const [name, scene] of scenes) {
    for (const shards of SHARDS) {
      const unhedged = tailOf(
        times,
        { ...scene, shards, hedgeMs: undefined, answerMs: ANSWER_MS },
        bench.seed,
      )
      const hedged = tailOf(times, { ...scene, shards, hedgeMs, answerMs: ANSWER_MS }, bench.seed)
      for (const percent of ['p50', 'p99', 'p999'] as const) {
        bench.record({
          case: 'tail',
          metric: `simulated, ${name}, ${shards} shards: ${percent}, hedged after twice the p99`,
          value: hedged[percent],
          unit: 'ms',
          peer: 'not hedged',
          peerValue: unhedged[percent],
        })
      }
      bench.record({
        case: 'tail',
        metric: `simulated, ${name}, ${shards} shards: requests a shard, hedged`,
        value: hedged.requests,
        unit: 'requests',
        peer: 'not hedged',
        peerValue: unhedged.requests,
      })
    }
  }
}
