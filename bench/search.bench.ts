import { availableParallelism, loadavg } from 'node:os'
import type { Bench, Cases } from './bench.ts'
import { benchCalls } from './search/calls.ts'
import { benchChurn } from './search/churn.ts'
import { benchPortable, portableCases } from './search/portable.ts'
import { benchRadii } from './search/radii.ts'
import { benchShapes, shapeCases } from './search/shapes.ts'
import { benchSizes, sizeCases } from './search/sizes.ts'
import { benchSnapshot } from './search/snapshot.ts'

export const options = {
  /** Hashes of the cases churn and snapshot. */
  count: { type: 'string', default: '10000000' },
} as const

export const cases: Cases = {
  ...sizeCases,
  ...shapeCases,
  radii: true,
  calls: true,
  churn: false,
  snapshot: false,
  ...portableCases,
}

/** Searching hashes: Hindra's indexes against each other and against peers. */
export async function run(bench: Bench): Promise<void> {
  const count = Number(bench.values['count'])
  if (!Number.isSafeInteger(count) || count < 1) throw new Error('--count is a positive integer')
  noteLoad(bench)
  await benchSizes(bench)
  await benchShapes(bench)
  await benchRadii(bench)
  await benchCalls(bench)
  await benchChurn(bench, count)
  await benchSnapshot(bench, count)
  benchPortable(bench)
}

/** Microseconds measured beside other work are no measure of anything. */
function noteLoad(bench: Bench): void {
  const [load = 0] = loadavg()
  if (load < 0.5) return
  bench.note(`load average ${load.toFixed(1)} on ${availableParallelism()} cores: not quiet`)
}
