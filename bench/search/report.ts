import type { Bench } from '../bench.ts'
import type { Result } from './contest.ts'

/** The index's times against those of all who answered the same queries in the same rounds. */
export function recordTimes(
  bench: Bench,
  name: string,
  { truth, index, others }: Result,
  /** Says under which circumstances, as ', delta full'. */
  suffix = '',
): void {
  for (const peer of [truth, ...others]) {
    for (const percent of ['p50', 'p99'] as const) {
      recordAgainst(bench, name, {
        metric: `search ${percent}${suffix}`,
        unit: 'us',
        value: index[percent],
        peer: peer.name,
        peerValue: peer[percent],
      })
    }
    const recall = { metric: `recall${suffix}`, unit: 'share', value: index.recall }
    recordAgainst(bench, name, { ...recall, peer: peer.name, peerValue: peer.recall })
  }
  recordAgainst(bench, name, {
    metric: `search p99 by p50${suffix}`,
    unit: 'us',
    value: index.p99,
    peer: 'p50',
    peerValue: index.p50,
  })
}

export function recordAgainst(
  bench: Bench,
  name: string,
  measured: {
    readonly metric: string
    readonly unit: string
    readonly value: number
    readonly peer: string
    readonly peerValue: number
  },
): void {
  bench.record({ case: name, ...measured, ratio: measured.value / measured.peerValue })
}
