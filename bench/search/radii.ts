import type { Bench } from '../bench.ts'
import { contest, ROUNDS } from './contest.ts'
import { makeDataset } from './dataset.ts'
import { fillNative, hasNative } from './native.ts'
import { openTruth } from './peers.ts'
import { recordTimes } from './report.ts'

const COUNT = 1e6
const QUERIES = 200
const RADII = [0, 15, 31, 46, 63]

/** A million random hashes, by radius: where probing ends and the index scans as well. */
export async function benchRadii(bench: Bench): Promise<void> {
  if (!bench.wants('radii') || !hasNative(bench)) return
  const dataset = (radius: number) =>
    makeDataset('random', { count: COUNT, queries: QUERIES * (ROUNDS + 1), radius }, bench.seed)
  const { hashes } = dataset(0)
  const { index } = await fillNative(hashes)
  const truth = openTruth(bench, hashes)
  for (const radius of RADII) {
    const result = contest({ truth, index }, dataset(radius).queries, { radius })
    recordTimes(bench, 'radii', result, `, radius ${radius}`)
  }
  index.close()
  truth.close()
}
