import type { Bench, Cases } from '../bench.ts'
import { contest, ROUNDS } from './contest.ts'
import { makeDataset, type Shape } from './dataset.ts'
import { fillNative, hasNative } from './native.ts'
import { openTruth } from './peers.ts'
import { recordTimes } from './report.ts'

const COUNT = 1e6
const QUERIES = 500
const RADIUS = 31
/** With clusters the hits cost, not the search: nobody looks at thousands of copies of one picture. */
const SHAPES: Readonly<Record<Exclude<Shape, 'random'>, { readonly limit?: number }>> = {
  'near-duplicates': { limit: 100 },
  skewed: {},
  clustered: {},
}

export const shapeCases: Cases = Object.fromEntries(
  Object.keys(SHAPES).map((shape) => [shape, true]),
)

/** A million hashes that are not random: copies, crowded bands, neighbours out of reach. */
export async function benchShapes(bench: Bench): Promise<void> {
  for (const [shape, { limit }] of Object.entries(SHAPES) as [Shape, { limit?: number }][]) {
    if (!bench.wants(shape) || !hasNative(bench)) continue
    const size = { count: COUNT, queries: QUERIES * (ROUNDS + 1), radius: RADIUS }
    const { hashes, queries } = makeDataset(shape, size, bench.seed)
    const { index } = await fillNative(hashes)
    const truth = openTruth(bench, hashes)
    const options = limit === undefined ? { radius: RADIUS } : { radius: RADIUS, limit }
    recordTimes(bench, shape, contest({ truth, index }, queries, options))
    index.close()
    truth.close()
  }
}
